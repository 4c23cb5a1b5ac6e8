import { describe, expect, it } from 'vitest';
import { assemble } from '../../../src/6-rewrite/assemble.js';
import { parseSource } from '../../../src/6-rewrite/place-context.js';
import { inferStyle } from '../../../src/6-rewrite/file-style.js';
import type { ImportNeed, SitePlan } from '../../../src/6-rewrite/site-plan.js';
import { sample } from '../../support/rewrite-sample.js';

const base = {
  '/app/package.json': '{ "name": "app", "type": "module" }',
  '/app/src/schema.ts': 'export const orders = 1;\n',
  '/app/src/db/index.ts': 'export const db = 1;\n',
  '/app/src/deep/neighbour.ts': 'export const n = 1;\n',
};
const tsconfig = (options: object) => ({
  '/app/tsconfig.json': JSON.stringify({ compilerOptions: { ...options } }),
});

const pkg = (name: string, local = name, typeOnly = false): ImportNeed => ({
  name,
  local,
  typeOnly,
  from: { kind: 'package', specifier: 'drizzle-orm' },
});
const file = (path: string, name: string, typeOnly = false): ImportNeed => ({
  name,
  local: name,
  typeOnly,
  from: { kind: 'file', path },
});
const orders = file('/app/src/schema.ts', 'orders');

function plan(part: Partial<SitePlan>): SitePlan {
  return {
    siteId: 's',
    file: '/app/src/a.ts',
    edits: [],
    imports: [],
    modules: [],
    mayBecomeUnused: [],
    ...part,
  };
}

/** Assembles plans for one file; `CALL` in its text is the site and becomes `Q`. */
function assembled(text: string, part: Partial<SitePlan>, more: Record<string, string> = {}): string {
  const path = part.file ?? '/app/src/a.ts';
  const { files, resolver } = sample({ ...base, ...more, [path]: text });
  const start = text.replace(/^\uFEFF/, '').indexOf('CALL');
  const edits = start < 0 ? [] : [{ start, end: start + 4, text: 'Q' }];
  return (
    assemble([plan({ edits, ...part })], files, { resolver }).find((change) => change.path === path)?.after ??
    text
  );
}

describe('imports', () => {
  it.each<[string, string, ImportNeed[], string]>([
    [
      'joins the list of the same module in order',
      "import { and, sql } from 'drizzle-orm';\nCALL;\n",
      [pkg('eq')],
      "import { and, eq, sql } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'appends to a list without order',
      "import { sql, and } from 'drizzle-orm';\nCALL;\n",
      [pkg('eq')],
      "import { sql, and, eq } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'adds an alias',
      "import { sql } from 'drizzle-orm';\nCALL;\n",
      [pkg('count', 'countRows')],
      "import { count as countRows, sql } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'joins a default import',
      "import drizzle from 'drizzle-orm';\nCALL;\n",
      [pkg('eq')],
      "import drizzle, { eq } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'keeps a list that was broken',
      "import {\n  and,\n  sql,\n} from 'drizzle-orm';\nCALL;\n",
      [pkg('eq')],
      "import {\n  and,\n  eq,\n  sql,\n} from 'drizzle-orm';\nQ;\n",
    ],
    [
      'does not put values into a type import',
      "import type { SQL } from 'drizzle-orm';\nCALL;\n",
      [pkg('eq')],
      "import type { SQL } from 'drizzle-orm';\nimport { eq } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'joins a type import with a type',
      "import type { SQL } from 'drizzle-orm';\nCALL;\n",
      [pkg('Table', 'Table', true)],
      "import type { SQL, Table } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'follows double quotes and missing semicolons',
      'import { x } from "x"\nCALL\n',
      [pkg('eq')],
      'import { x } from "x"\nimport { eq } from "drizzle-orm"\nQ\n',
    ],
    [
      'stands after the directive',
      "'use server';\n\nCALL;\n",
      [pkg('eq')],
      "'use server';\nimport { eq } from 'drizzle-orm';\n\nQ;\n",
    ],
    [
      'stands after the shebang and the head comment',
      '#!/usr/bin/env node\n// License.\n\n// About it.\nCALL;\n',
      [pkg('eq')],
      "#!/usr/bin/env node\n// License.\n\nimport { eq } from 'drizzle-orm';\n\n// About it.\nQ;\n",
    ],
    [
      'stands after the comment of the last import',
      "import { x } from 'x'; // why\nCALL;\n",
      [pkg('eq')],
      "import { x } from 'x'; // why\nimport { eq } from 'drizzle-orm';\nQ;\n",
    ],
    [
      'keeps a value and a type apart',
      'CALL;\n',
      [pkg('eq'), pkg('SQL', 'SQL', true)],
      "import { eq } from 'drizzle-orm';\nimport type { SQL } from 'drizzle-orm';\n\nQ;\n",
    ],
  ])('%s', (_, text, imports, expected) => {
    expect(assembled(text, { imports })).toBe(expected);
  });

  it('breaks a list that becomes too long', () => {
    const text =
      "import { aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccc } from 'drizzle-orm';\nCALL;\n";
    expect(assembled(text, { imports: [pkg('dddddddddd')] })).toContain(
      'import {\n  aaaaaaaaaaaaaaaaaaaa,\n  bbbb',
    );
  });

  it('keeps CRLF and the byte order mark', () => {
    expect(assembled("\uFEFFimport { x } from 'x';\r\nCALL;\r\n", { imports: [pkg('eq')] })).toBe(
      "\uFEFFimport { x } from 'x';\r\nimport { eq } from 'drizzle-orm';\r\nQ;\r\n",
    );
  });

  it.each<[string, string, string, ImportNeed[]]>([
    [
      'the specifier',
      "import { and, sql } from 'drizzle-orm';\nand(CALL);\n",
      "import { and } from 'drizzle-orm';\nand(Q);\n",
      [],
    ],
    [
      'the whole line',
      "import { x } from 'x';\nimport { sql } from 'drizzle-orm';\nx(CALL);\n",
      "import { x } from 'x';\nx(Q);\n",
      [],
    ],
    ['the gap after the only import', "import { sql } from 'drizzle-orm';\n\nCALL;\n", 'Q;\n', []],
    [
      'the line in favour of a new one',
      "import { sql } from 'other';\nCALL;\n",
      "import { eq } from 'drizzle-orm';\nQ;\n",
      [pkg('eq')],
    ],
    [
      'the default, not the list',
      "import sql, { a } from 'x';\na(CALL);\n",
      "import { a } from 'x';\na(Q);\n",
      [],
    ],
    [
      'the list, not the default',
      "import a, { sql } from 'x';\na(CALL);\n",
      "import a from 'x';\na(Q);\n",
      [],
    ],
  ])('removes %s of a name that lost its last use', (_, text, expected, imports) => {
    expect(
      assembled(text.replace('CALL', 'CALL(sql)'), {
        imports,
        mayBecomeUnused: ['sql'],
        edits: [{ start: text.indexOf('CALL'), end: text.indexOf('CALL') + 9, text: 'Q' }],
      }),
    ).toBe(expected);
  });

  it.each<[string, string]>([
    ['is still in use', "import { sql } from 'drizzle-orm';\nCALL(sql);\n"],
    ['is exported', "import { sql } from 'drizzle-orm';\nCALL;\nexport { sql };\n"],
    ['was not used before', "import { sql } from 'drizzle-orm';\nCALL;\n"],
  ])('keeps an import that %s', (_, text) => {
    expect(assembled(text, { mayBecomeUnused: ['sql'] })).toContain('import { sql }');
  });
});

describe('specifiers', () => {
  const alias = {
    baseUrl: '.',
    paths: { '@/*': ['./src/*'] },
    module: 'esnext',
    moduleResolution: 'bundler',
  };
  it.each<[string, Record<string, string>, string, ImportNeed, string]>([
    ['an extension under nodenext', tsconfig({ module: 'nodenext' }), 'CALL;\n', orders, './schema.js'],
    [
      'no extension under bundler',
      tsconfig({ module: 'esnext', moduleResolution: 'bundler' }),
      'CALL;\n',
      orders,
      './schema',
    ],
    [
      'what neighbours do',
      tsconfig({ module: 'esnext', moduleResolution: 'bundler' }),
      "import './deep/neighbour.js';\nCALL;\n",
      orders,
      './schema.js',
    ],
    [
      'the ending .ts where it is allowed',
      tsconfig({ module: 'nodenext', allowImportingTsExtensions: true, noEmit: true }),
      "import './deep/neighbour.ts';\nCALL;\n",
      orders,
      './schema.ts',
    ],
    [
      'the folder for its index',
      tsconfig({ module: 'esnext', moduleResolution: 'bundler' }),
      'CALL;\n',
      file('/app/src/db/index.ts', 'db'),
      './db',
    ],
    [
      'the index by name under nodenext',
      tsconfig({ module: 'nodenext' }),
      'CALL;\n',
      file('/app/src/db/index.ts', 'db'),
      './db/index.js',
    ],
    [
      'the alias that the file uses',
      tsconfig(alias),
      "import '@/deep/neighbour';\nCALL;\n",
      orders,
      '@/schema',
    ],
    [
      'a relative path beside relative ones',
      tsconfig(alias),
      "import '@/deep/neighbour';\nimport './x';\nCALL;\n",
      orders,
      './schema',
    ],
    ['no alias that the file does not use', tsconfig(alias), 'CALL;\n', orders, './schema'],
    [
      'the specifier that is there already',
      tsconfig({ module: 'nodenext' }),
      "import type { Order } from '../src/schema.js';\nCALL;\n",
      orders,
      '../src/schema.js',
    ],
  ])('takes %s', (_, more, text, need, expected) => {
    expect(assembled(text, { imports: [need] }, more)).toMatch(
      new RegExp(`import { \\w+ } from '${expected.replaceAll('.', '\\.')}';`),
    );
  });

  it('takes the name of a workspace package that exports the table', () => {
    const more = {
      ...tsconfig({
        module: 'esnext',
        moduleResolution: 'bundler',
        baseUrl: '.',
        paths: { '@acme/db': ['./packages/db/src/index.ts'] },
      }),
      '/app/packages/db/package.json': '{ "name": "@acme/db" }',
      '/app/packages/db/src/index.ts': "export * from './schema';\n",
      '/app/packages/db/src/schema.ts': 'export const orders = 1;\n',
    };
    const need = file('/app/packages/db/src/schema.ts', 'orders');
    expect(assembled('CALL;\n', { imports: [need] }, more)).toContain("import { orders } from '@acme/db';");
  });
});

describe('edits', () => {
  it('throws when two sites overlap', () => {
    const { files, resolver } = sample({ ...base, '/app/src/a.ts': 'abcdef' });
    const one = plan({ siteId: 'one', edits: [{ start: 0, end: 3, text: 'x' }] });
    const two = plan({ siteId: 'two', edits: [{ start: 2, end: 5, text: 'y' }] });
    expect(() => assemble([one, two], files, { resolver })).toThrow(/overlap/);
  });

  it('gives each subset of sites its own text and says whose lines are whose', () => {
    const text =
      "import { sql } from 'drizzle-orm';\nfunction f() {\n  A(sql);\n}\nfunction g() {\n  B(sql);\n}\n";
    const { files, resolver } = sample({ ...base, '/app/src/a.ts': text });
    const at = (name: string, put: string) => ({
      start: text.indexOf(name),
      end: text.indexOf(name) + 6,
      text: put,
    });
    const one = plan({
      siteId: 'one',
      edits: [at('A(', 'p(\n    1,\n  )')],
      imports: [orders],
      mayBecomeUnused: ['sql'],
    });
    const two = plan({ siteId: 'two', edits: [at('B(', 'q')], mayBecomeUnused: ['sql'] });
    const result = (...plans: SitePlan[]) => assemble(plans, files, { resolver })[0];
    expect(result(one)?.after).toContain(
      "import { sql } from 'drizzle-orm';\nimport { orders } from './schema';\n",
    );
    expect(result(two)?.after).toContain('import { sql }');
    expect(result(two, one)?.after).not.toContain('sql');
    expect(result(one, two)?.sites).toEqual([
      { siteId: 'one', first: 3, last: 5, scope: { first: 2, last: 6 } },
      { siteId: 'two', first: 8, last: 8, scope: { first: 7, last: 9 } },
    ]);
    expect(result()).toBeUndefined();
  });
});

describe('the style of a file', () => {
  it.each<[string, string, object]>([
    ['tabs', 'function f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n', { useTabs: true }],
    [
      'four spaces',
      'function f() {\n    if (a) {\n        b();\n    }\n}\n',
      { useTabs: false, tabWidth: 4 },
    ],
    ['no semicolons, double quotes', 'const a = "x"\nconst b = "y"\n', { semi: false, singleQuote: false }],
    [
      'narrow braces and bare arrow parameters',
      "const {a} = b\nc.map(d => d)\nimport {e} from 'e'\n",
      { bracketSpacing: false, arrowParens: 'avoid' },
    ],
    ['no trailing commas', 'call({\n  a: 1,\n  b: 2\n});\n', { trailingComma: 'none' }],
    ['a width of at most 100', `const a = '${'x'.repeat(150)}';\n`, { printWidth: 100 }],
  ])('%s', (_, text, expected) => {
    expect(inferStyle(parseSource('/app/a.ts', text))).toMatchObject(expected);
  });
});
