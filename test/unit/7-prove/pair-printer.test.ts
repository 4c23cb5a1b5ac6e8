import { describe, expect, it } from 'vitest';
import type { UserProject } from '../../../src/1-read/user-project.js';
import type { ResolvedSite } from '../../../src/2-find/resolved-site.js';
import type { ModuleDraft } from '../../../src/5-translate/draft.js';
import type { Line } from '../../../src/5-translate/code.js';
import { openPrinter } from '../../../src/7-prove/pair-printer.js';

const holes = ['id', 'id', 'next()', 'next()'].map((expression, at) => ({ index: at + 1, expression }));
const bindings = holes.map((hole) => ({ position: hole.index, argument: { hole } }));
const argument = (position: number) => ({ kind: 'argument', position }) as const;
const site = { bindings: [], site: { statement: null } } as unknown as ResolvedSite;
const project = { clients: [], tables: [] } as unknown as UserProject;

function printed(variable: string): string {
  const body: readonly Line[] = [
    {
      kind: 'const',
      pattern: variable,
      value: {
        kind: 'call',
        callee: { kind: 'routine', module: 'support', name: 'int4' },
        arguments: [{ kind: 'number', text: '5' }],
      },
    },
  ];
  const module = { parameters: [], body } as unknown as ModuleDraft;
  const printer = openPrinter(site, project, 'db', module);
  const lines = printer.lines(body);
  return `${printer.head()}\n${lines}`;
}

describe('openPrinter', () => {
  it('calls a helper by another name where a variable has its own', () => {
    const text = printed('int4');
    expect(text).toContain('const _helper_int4 = int4;');
    expect(text).toContain('const int4 = _helper_int4(5);');
  });

  it('reads a name once, and a call as often as it stands', () => {
    const given = { bindings, site: { statement: { text: '', holes } } } as unknown as ResolvedSite;
    const printer = openPrinter(given, project, 'db');
    expect([1, 2, 3, 4].map((position) => printer.print(argument(position)))).toEqual([
      'args.a1',
      'args.a1',
      'args.a3',
      'args.a4',
    ]);
    const request = { bindings, site: { rpc: {}, statement: null } } as unknown as ResolvedSite;
    expect(openPrinter(request, project, 'db').print(argument(2))).toBe('args.a2');
  });

  it('calls it by its name elsewhere', () => {
    const text = printed('value');
    expect(text).not.toContain('_helper_');
    expect(text).toContain('const value = int4(5);');
  });
});
