import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import {
  copyProject,
  projectSql,
  root,
  runBehaviour,
  sourceTexts,
  type SeenCheck,
} from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';
import { serveSupabase, supabaseSql } from '../support/supabase-project.js';

const customers = {
  CUSTOMER_TOKEN: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  OTHER_TOKEN: '99999999-9999-4999-8999-999999999999',
};

/** Why calls stay, by the file that they stand in. */
const mustStay = {
  'src/components/stock-badge.ts': ['client-side'],
  'src/lib/rpc-or-throw.ts': ['computed-name'],
  'src/services/carts.ts': ['never-sent'],
  'src/services/catalogue.ts': ['builder-escapes', 'response-metadata'],
  'src/services/orders.ts': ['response-metadata'],
  'src/services/reports.ts': ['computed-name'],
};

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly routines: readonly { readonly name: string; readonly proof: { readonly status: string } }[];
  readonly call_sites: readonly Site[];
}

interface Site {
  readonly file: string;
  readonly line: number;
  readonly routine: string;
  readonly status: string;
  readonly reason: string | null;
}

const server = await startPostgres();

describe.skipIf('skipped' in server)('the project storefront', () => {
  const postgres = server as TestPostgres;
  let sql: string[];

  beforeAll(async () => {
    sql = [supabaseSql, ...(await projectSql('storefront', 'supabase/migrations'))];
  });
  afterAll(() => postgres.stop());

  /** What its checks see through supabase-js and, where they use it, through Drizzle, on a database of its own. */
  async function seenIn(folder: string, texts: readonly string[]): Promise<SeenCheck[]> {
    const url = await createDatabase(postgres.url, texts);
    const supabase = await serveSupabase(url, customers);
    try {
      return await runBehaviour(folder, url, { env: supabase.env });
    } finally {
      await supabase.stop();
    }
  }

  it('does before the run what its behaviour checks say', async () => {
    await using project = await copyProject('storefront');
    expectAllSeen(await seenIn(project.folder, sql));
  });

  it('is found out by its checks when the database does something else', async () => {
    await using project = await copyProject('storefront');
    const faults: [string, string][] = [
      ['stock = stock - p_quantity', 'stock = stock'],
      ['where customer_id = p_customer', 'where true'],
      ["errcode = 'PT422'", "errcode = 'P0003'"],
      ['cart_items.quantity + excluded.quantity', 'excluded.quantity'],
    ];
    for (const [original, fault] of faults) {
      const faulty = sql.map((text) => text.replace(original, fault));
      expect(faulty).not.toEqual(sql);
      expect((await seenIn(project.folder, faulty)).filter(isDifferent), fault).not.toEqual([]);
    }
  });

  describe('after --yes', () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let report: Report;
    let said: string;

    beforeAll(async () => {
      project = await copyProject('storefront');
      const flags = ['--yes', '--budget', '20,1', '--report', 'report.json'];
      const args = ['--db', 'supabase/migrations', ...flags, 'src', 'supabase'];
      const run = await runCommand(args, { cwd: project.folder });
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(1);
      said = run.stdout;
      report = JSON.parse(await readFile(join(project.folder, 'report.json'), 'utf8')) as Report;
    }, 1_200_000);
    afterAll(() => project.remove());

    it('accounts for every call', () => {
      const { summary } = report;
      const states = ['rewritable', 'rewritten', 'kept', 'declined', 'unresolved'];
      expect(states.reduce((sum, state) => sum + (summary[state] ?? Number.NaN), 0)).toBe(summary.call_sites);
      expect(report.routines.length).toBeGreaterThanOrEqual(14);
      expect(report.call_sites.length).toBeGreaterThanOrEqual(30);
    });

    it('has every call rewritten but those that stay', () => {
      const stayed: Record<string, string[]> = {};
      for (const { file, status, reason } of report.call_sites) {
        if (status !== 'rewritten') stayed[file] = [...(stayed[file] ?? []), reason ?? ''].sort();
      }
      expect(stayed).toEqual(mustStay);
    });

    it('has at least 85 % of the calls of the server rewritten', () => {
      const ofServer = report.call_sites.filter(({ reason }) => reason !== 'client-side');
      const rewritten = ofServer.filter(({ status }) => status === 'rewritten');
      expect(rewritten.length / ofServer.length).toBeGreaterThanOrEqual(0.85);
    });

    it('has no difference in a proof', () => {
      const states = report.routines.map(({ proof }) => proof.status);
      expect(states).not.toContain('differs');
      expect(states.filter((state) => state === 'proven' || state === 'partial').length).toBeGreaterThan(14);
    });

    it('names modules in the edge function as Deno does', async () => {
      const text = await readFile(join(project.folder, 'supabase/functions/restock/index.ts'), 'utf8');
      const specifiers = [...text.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
      expect(specifiers).toEqual([
        'npm:@supabase/supabase-js@2',
        '../../../src/db/routines/index.ts',
        '../../../src/db/routines/support.ts',
        '../../../src/db/client.ts',
      ]);
    });

    it('compiles', async () => {
      await expectCompiles(project.folder);
    });

    it('says and writes what the README shows', async () => {
      const readme = await readFile(join(root, 'README.md'), 'utf8');
      const [, tour = ''] = /^## From supabase-js to Drizzle\n([^]*?)^## /m.exec(readme) ?? [];
      const output = /```text\n([^]*?)```/.exec(tour)?.[1]?.split('\n') ?? [];
      const shown = output.filter((line) => line !== '' && line !== '…');
      expect(shown.length).toBeGreaterThan(8);
      for (const line of shown) expect(said).toContain(line);
      const before = await texts(join(root, 'fixtures', 'projects', 'storefront'));
      const after = await texts(project.folder);
      const pairs = [...tour.matchAll(/```ts\n\/\/ before\n([^]*?)\n\/\/ after\n([^]*?)```/g)];
      expect(pairs).toHaveLength(3);
      for (const [, old = '', made = ''] of pairs) {
        expect(before).toContain(withoutIndent(old));
        expect(after).toContain(withoutIndent(made));
      }
    });

    it('does what it did', async () => {
      expectAllSeen(await seenIn(project.folder, sql));
    });
  });
});

/** The sources in one text, each line without its indentation. */
async function texts(folder: string): Promise<string> {
  return withoutIndent(Object.values(await sourceTexts(folder)).join('\n'));
}

function withoutIndent(text: string): string {
  return text.trim().replace(/^[ \t]+/gm, '');
}

async function expectCompiles(folder: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const output = await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  expect(output).toBe('');
}

function expectAllSeen(checks: readonly SeenCheck[]): void {
  expect(checks.length).toBeGreaterThan(25);
  const different = checks.filter(isDifferent);
  expect(different.map(({ name, seen }) => ({ name, seen }))).toEqual(
    different.map(({ name, expected }) => ({ name, seen: expected })),
  );
}

function isDifferent({ seen, expected }: SeenCheck): boolean {
  return JSON.stringify(seen) !== JSON.stringify(expected);
}
