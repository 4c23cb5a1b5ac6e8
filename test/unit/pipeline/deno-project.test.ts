import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { UserProject } from '../../../src/1-read/user-project.js';
import { projectForDeno, projectForNode } from '../../../src/pipeline/deno-project.js';

const root = mkdtempSync(join(tmpdir(), 'deno-project-'));
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const ofNode = write('src/db.ts', `import { drizzle } from 'drizzle-orm/node-postgres';`);
const ofDeno = write(
  'supabase/functions/_shared/db.ts',
  `import { drizzle } from 'npm:drizzle-orm@0.45.4/postgres-js';`,
);
const project: UserProject = {
  root,
  packageFile: join(root, 'package.json'),
  tsconfig: null,
  drizzleVersion: '0.45.4',
  tables: [],
  clients: [
    { file: ofNode, exportName: 'db', driver: 'node-postgres' },
    { file: ofDeno, exportName: 'db', driver: 'postgres-js' },
  ],
  transactionHelpers: [],
  notes: [],
};
const modules = { imports: {}, folder: root, sloppy: false };
const mapped = { ...modules, imports: { 'drizzle-orm/': 'npm:/drizzle-orm@0.45.4/' } };

describe('projectForDeno', () => {
  it('leaves out a client that Deno cannot load, and says why', () => {
    const { clients, unusedClients } = projectForDeno(project, modules);
    expect(clients.map(({ file }) => file)).toEqual([ofDeno]);
    expect(unusedClients).toMatch(/cannot load db@src\/db\.ts: it is a module of Node\.js/);
    expect(projectForDeno(project, { ...modules, sloppy: true }).unusedClients).toMatch(
      /imports 'drizzle-orm\/node-postgres', which Deno does not find/,
    );
  });

  it('keeps one of Node.js where everything that it imports is named for Deno', () => {
    const { clients } = projectForDeno(project, { ...mapped, sloppy: true });
    expect(clients.map(({ file }) => file)).toEqual([ofNode, ofDeno]);
  });
});

describe('projectForNode', () => {
  it('leaves out what imports by npm:', () => {
    const texts: Record<string, string> = {
      [ofDeno]: `import { drizzle } from 'npm:drizzle-orm@0.45.4/postgres-js';`,
    };
    expect(projectForNode(project, (path) => texts[path] ?? null).clients.map(({ file }) => file)).toEqual([
      ofNode,
    ]);
  });
});
