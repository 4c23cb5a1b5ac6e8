import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findContextUses, type ContextExpression } from '../../../src/2-find/context-use.js';
import { openProgram, type Program } from '../../../src/source/open-program.js';

const text = `declare const db: { execute(text: string): Promise<number> };
interface Session { readonly userId: string; readonly org?: string | null }
export async function first(session: Session | null) {
  if (session === null) return 0;
  return await db.execute('one');
}
export const second = (session: Session | null) => db.execute('two');
`;

let folder = '';
let program: Program;
const file = (): string => join(folder, 'a.ts');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-use-'));
  writeFileSync(file(), text);
  writeFileSync(join(folder, 'org.ts'), 'export const orgOf = (id: string): string | null => id;\n');
  const tsconfig = join(folder, 'tsconfig.json');
  writeFileSync(tsconfig, '{ "compilerOptions": { "strict": true, "types": [], "module": "esnext" } }');
  program = openProgram({ tsconfig, files: [file()] });
});
afterAll(() => rmSync(folder, { recursive: true }));

function callOf(name: string): { readonly start: number; readonly end: number } {
  const call = `db.execute('${name}')`;
  const start = text.indexOf(call);
  return { start, end: start + call.length };
}

function one(expression: string, type: string | null = null): ContextExpression {
  return { text: expression, type, import: null, hole: 1 };
}

describe('findContextUses', () => {
  it('tells what the types say at each call', () => {
    const [[known] = [], [open] = []] = findContextUses(program, [
      { file: file(), call: callOf('one'), expressions: [one('session.userId', 'string')] },
      { file: file(), call: callOf('two'), expressions: [one('session?.org')] },
    ]);
    expect(known).toMatchObject({ members: ['string'], mayBeNull: false, mayBeUndefined: false });
    expect(open).toMatchObject({ members: ['string'], mayBeNull: true, mayBeUndefined: true });
  });

  it('says what does not stand at a call, and leaves the others alone', () => {
    const [[wrong, fine] = [], [other, type] = []] = findContextUses(program, [
      { file: file(), call: callOf('two'), expressions: [one('session.userId'), one('null')] },
      { file: file(), call: callOf('one'), expressions: [one('user.id'), one('session.org', 'string')] },
    ]);
    expect(wrong).toContain("TS18047: 'session' is possibly 'null'");
    expect(fine).toMatchObject({ mayBeNull: true });
    expect(other).toContain("TS2304: Cannot find name 'user'");
    expect(type).toContain('TS1360');
  });

  it('knows what an import would bring', () => {
    const needed = { name: 'orgOf', local: 'org', file: join(folder, 'org.ts') };
    const expression = { ...one('org(session.userId)'), import: needed };
    const [[found] = []] = findContextUses(program, [
      { file: file(), call: callOf('one'), expressions: [expression] },
    ]);
    expect(found).toMatchObject({ type: 'string | null', repeatable: false });
  });
});
