import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../../src/6-rewrite/assemble.js';
import { openImportResolver } from '../../../src/6-rewrite/import-resolver.js';
import type { SitePlan } from '../../../src/6-rewrite/site-plan.js';
import { checkTypes, type NewDiagnostic } from '../../../src/7-prove/check-types.js';
import { openProgram, type Program } from '../../../src/source/open-program.js';

const text = `export function first(): number {
  const value: number = FIRST;
  return value;
}
export function second(): number {
  const value = SECOND;
  return value;
}
declare const FIRST: number, SECOND: number;
export const wrong: string = 1;
`;
let root: string;
let program: Program;
const path = () => join(root, 'a.ts');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'migrate-rpc-types-'));
  await writeFile(path(), text);
  await writeFile(join(root, 'b.ts'), "import { first } from './a.js';\nexport const n: number = first();\n");
  await writeFile(
    join(root, 'tsconfig.json'),
    '{ "compilerOptions": { "module": "nodenext", "strict": true, "types": [] } }',
  );
  program = openProgram({ tsconfig: join(root, 'tsconfig.json'), files: [path(), join(root, 'b.ts')] });
});
afterAll(() => rm(root, { recursive: true, force: true }));

function plan(siteId: string, mark: string, put: string, part: Partial<SitePlan> = {}): SitePlan {
  const start = text.indexOf(mark);
  return {
    siteId,
    file: path(),
    edits: [{ start, end: start + mark.length, text: put }],
    imports: [],
    modules: [],
    mayBecomeUnused: [],
    ...part,
  };
}

function check(plans: readonly SitePlan[], alsoCheck: readonly string[] = []): readonly NewDiagnostic[] {
  const resolver = openImportResolver(null);
  return checkTypes(program, assemble(plans, new Map([[path(), text]]), { resolver }), alsoCheck);
}

describe('new diagnostics', () => {
  it('finds none where the types hold, and does not count those that were there', () => {
    expect(check([plan('one', 'FIRST', '1')])).toEqual([]);
  });

  it('belong to the site on whose lines they are', () => {
    const found = check([plan('one', 'FIRST', '\n\n"x"'), plan('two', 'SECOND', '2')]);
    expect(found).toMatchObject([{ code: 2322, file: path(), siteIds: ['one'] }]);
  });

  it('belong to the site of the function where the value goes wrong later', () => {
    expect(check([plan('one', 'FIRST', '1'), plan('two', 'SECOND', '"x"')])).toMatchObject([
      { code: 2322, line: 7, siteIds: ['two'] },
    ]);
  });

  it('belong to every site when they are in a file that only uses the changed one', () => {
    const start = text.indexOf('first(): number');
    const widened = plan('one', 'FIRST', '1', {
      edits: [{ start: start + 'first(): '.length, end: start + 'first(): number'.length, text: 'string' }],
    });
    const found = check([widened], [join(root, 'b.ts')]);
    expect(found.find(({ file }) => file.endsWith('b.ts'))).toMatchObject({ code: 2322, siteIds: ['one'] });
  });

  it('leave the program as it was', () => {
    check([plan('one', 'FIRST', '"x"')]);
    expect(program.getSourceFile(path()).getFullText()).toBe(text);
  });
});
