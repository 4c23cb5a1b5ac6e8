/**
 * Every folder fixtures/guard/<rule>: in bad/ the rule finds exactly the lines that end in `// finding`, in good/ no
 * rule finds anything. All files are type-checked in one program. A folder with a schema.sql is that of a rule on what
 * statements reach: the files of all these folders are one database, and there a raw call is what is judged.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBodyDatabase } from '../src/guard/bodies/read-body-database.js';
import { bodyRules } from '../src/guard/body-rules.js';
import { checkFiles } from '../src/guard/check-files.js';
import { programFacts, type ProgramFacts } from '../src/guard/facts/program-facts.js';
import type { Finding } from '../src/guard/finding.js';
import { rules } from '../src/guard/rules.js';
import { loadSqlFiles } from '../src/io/load-sql-files.js';
import { openProgram, type Program } from '../src/source/open-program.js';
import { loadSqlParser } from '../src/sql/load-sql-parser.js';

const root = join(import.meta.dirname, '..', 'fixtures', 'guard');
const asked = (process.env['RULE'] ?? '').split(',').filter((name) => name !== '');
const folders = readdirSync(root).filter(
  (name) => name.includes('-') && (asked.length === 0 || asked.includes(name)),
);
const filesOf = (rule: string, side: 'bad' | 'good') => {
  const folder = join(root, rule, side);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => join(folder, name))
    : [];
};
const paths = folders.flatMap((rule) => [...filesOf(rule, 'bad'), ...filesOf(rule, 'good')]);
const chosen = [...rules, ...bodyRules].map((rule) => ({ rule, severity: rule.severity }));
const onDatabase = new Set(bodyRules.map(({ id }) => id));
const schemas = ['shared/roles.sql', ...bodyRules.map(({ id }) => `${id}/schema.sql`).sort()].map((name) =>
  join(root, name),
);

let program: Program;
let facts: ProgramFacts;
let databaseFacts: ProgramFacts;
beforeAll(async () => {
  await loadSqlParser();
  const ambient = ['services', 'infrastructure'].map((name) => join(root, 'modules', `${name}.d.ts`));
  program = openProgram({ tsconfig: join(root, 'tsconfig.json'), files: [...paths, ...ambient] });
  facts = programFacts(program.checker);
  if (folders.some((name) => onDatabase.has(name))) {
    const database = await loadSqlFiles(schemas, { label: 'fixtures', cwd: root });
    const files = schemas.map((path) => ({
      name: path.slice(root.length + 1),
      text: readFileSync(path, 'utf8'),
    }));
    const bodies = await readBodyDatabase({ database, role: 'app', files });
    await database.close();
    databaseFacts = programFacts(program.checker, bodies);
  }
}, 120_000);

const check = (path: string, rule: string): readonly Finding[] =>
  onDatabase.has(rule)
    ? checkFiles(databaseFacts, [program.getSourceFile(path)], chosen).filter(
        (finding) => finding.rule !== 'raw-routine-call',
      )
    : checkFiles(facts, [program.getSourceFile(path)], chosen);
const show = (found: readonly Finding[]) =>
  found.map(({ line, rule, message }) => `${line} ${rule}: ${message}`);

describe('rules', () => {
  it.skipIf(asked.length > 0)('each have a folder of fixtures and a page', () => {
    expect(folders.sort()).toEqual([...rules, ...bodyRules].map(({ id }) => id).sort());
    const pages = join(root, '..', '..', 'docs', 'rules');
    const list = readFileSync(join(pages, 'README.md'), 'utf8');
    for (const { id, title } of [...rules, ...bodyRules]) {
      const page = readFileSync(join(pages, `${id}.md`), 'utf8');
      const sections = page.split('\n').filter((line) => /^#/.test(line));
      expect(sections, id).toEqual([`# ${id}`, '## What happens', '## What is found', '## How to mend it']);
      expect(page, id).toContain(`migrate-rpc-ignore ${id}: `);
      expect(list.replaceAll(/ +\|/g, ' |'), id).toContain(`| [${id}](${id}.md) | ${title} |`);
    }
    expect(existsSync(join(pages, 'ignore-comment.md'))).toBe(true);
  });

  it('have fixtures without a type error', () => {
    expect(
      program
        .diagnostics(paths)
        .map(({ file, line, message }) => `${file.slice(root.length)}:${line} ${message}`),
    ).toEqual([]);
  });
});

describe.each(folders)('%s', (rule) => {
  it('has at least six bad and six good examples', () => {
    // Rules on bodies have them in one file each, since what differs is in the database.
    const count = (side: 'bad' | 'good', mark: RegExp) =>
      onDatabase.has(rule)
        ? filesOf(rule, side).flatMap((path) => readFileSync(path, 'utf8').match(mark) ?? []).length
        : filesOf(rule, side).length;
    expect(count('bad', /\/\/ finding$/gm)).toBeGreaterThanOrEqual(6);
    expect(count('good', /^export /gm)).toBeGreaterThanOrEqual(6);
  });

  it.each(filesOf(rule, 'bad').map((path) => [path.slice(root.length + 1), path] as const))(
    'finds the marked lines of %s',
    (_, path) => {
      const marked = readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) => (/\/\/ finding$/.test(line) ? [index + 1] : []));
      expect(marked.length).toBeGreaterThan(0);
      const found = check(path, rule).filter((finding) => finding.rule === rule);
      expect(
        found.map(({ line }) => line),
        show(found).join('\n'),
      ).toEqual(marked);
    },
  );

  it.each(filesOf(rule, 'good').map((path) => [path.slice(root.length + 1), path] as const))(
    'finds nothing in %s',
    (_, path) => {
      expect(show(check(path, rule))).toEqual([]);
    },
  );
});
