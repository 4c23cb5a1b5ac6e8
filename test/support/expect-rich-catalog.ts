import { expect } from 'vitest';
import type { Catalog, Relation, Routine } from '../../src/1-read/catalog.js';

/**
 * Holds for a catalog read after `richSchema` by the login that ran it. The table has dropped a column
 * before its last one, which a copy never had.
 */
export function expectRichCatalog(
  catalog: Catalog,
  lastColumnNumber = 9,
  definedBy = Math.floor(catalog.serverVersionNumber / 10_000),
): void {
  expect(catalog.searchPath).toEqual(['pg_catalog', 'public']);
  expect(catalog.extensions).toEqual(expect.arrayContaining(['citext', 'plpgsql']));
  expect(catalog.notVisible).toEqual([]);
  expectRoutines(catalog);
  if (definedBy >= 14) expectStandardBodies(catalog);
  expectRelations(catalog, lastColumnNumber);
  expectTypes(catalog);
  expectBuiltins(catalog);
}

export function routineOf(catalog: Catalog, name: string): Routine {
  const found = catalog.routines.filter((routine) => routine.schema === 'app' && routine.name === name);
  expect(found.map((routine) => routine.name)).toEqual([name]);
  return found[0] as Routine;
}

export function relationOf(catalog: Catalog, schema: string, name: string): Relation {
  const found = catalog.relations.find((relation) => relation.schema === schema && relation.name === name);
  expect(found?.name).toBe(name);
  return found as Relation;
}

function typeName(catalog: Catalog, oid: number): string | undefined {
  return catalog.types.get(oid)?.sqlName;
}

function expectRoutines(catalog: Catalog): void {
  const customers = routineOf(catalog, 'customers');
  expect(customers).toMatchObject({
    kind: 'function',
    language: 'sql',
    returnsSet: true,
    volatility: 'stable',
    strict: false,
    securityDefiner: true,
    configuration: ['search_path=app, pg_temp'],
    sqlBody: null,
    extension: null,
    owner: catalog.currentUser,
    executable: true,
    usedBy: [],
  });
  expect(customers.source).toContain('code = ANY (codes)');
  expect(customers.definition).toMatch(/^CREATE OR REPLACE FUNCTION app\.customers\(/);
  expect(typeName(catalog, customers.returnType)).toBe('app.customer');
  expect(customers.arguments.map((a) => [a.name, a.mode, typeName(catalog, a.type), a.default])).toEqual([
    ['which', 'in', 'app.status', null],
    ['codes', 'variadic', 'text[]', `'{}'::text[]`],
  ]);
  const totals = routineOf(catalog, 'totals_of');
  expect(totals.arguments.map((a) => [a.name, a.mode, a.default])).toEqual([
    ['customer', 'in', null],
    ['extra', 'inout', '(3 + 4)'],
    ['n', 'out', null],
    ['total', 'out', null],
  ]);
  expect(routineOf(catalog, 'rows_of').arguments.map((a) => a.mode)).toEqual(['in', 'table', 'table']);
  expect(routineOf(catalog, 'clean')).toMatchObject({ kind: 'procedure', language: 'plpgsql' });
  expect(routineOf(catalog, 'product')).toMatchObject({ kind: 'aggregate', definition: null });
  expect(routineOf(catalog, 'is_fine')).toMatchObject({ strict: true, volatility: 'immutable' });
  expect(routineOf(catalog, 'is_fine').usedBy).toEqual([
    'policy fine_only on app.customer',
    'table constraint customer_code_fine on app.customer',
    'view app.open_customer',
  ]);
  expect(routineOf(catalog, 'next_code').usedBy).toEqual(['default value for app.customer.code']);
  expect(routineOf(catalog, 'touch').usedBy).toEqual([
    'trigger sleeping on app.customer',
    'trigger touch on app.customer',
  ]);
  const foreign = catalog.routines.find((routine) => routine.name === 'citext_eq');
  expect(foreign).toMatchObject({ extension: 'citext', source: '', definition: null });
}

function expectRelations(catalog: Catalog, lastColumnNumber: number): void {
  const customer = relationOf(catalog, 'app', 'customer');
  expect(customer).toMatchObject({
    kind: 'table',
    rowSecurity: true,
    forceRowSecurity: true,
    extension: null,
  });
  expect(
    customer.columns.map((c) => [
      c.name,
      c.number,
      typeName(catalog, c.type),
      c.notNull,
      c.default,
      c.generated,
      c.identity,
    ]),
  ).toEqual([
    ['id', 1, 'integer', true, null, false, 'always'],
    ['email', 2, 'public.citext', true, null, false, null],
    ['Full Name', 3, 'text', false, `'no one'::text`, false, null],
    ['code', 4, 'text', false, 'app.next_code()', false, null],
    ['state', 5, 'app.status', false, `'open'::app.status`, false, null],
    ['states', 6, 'app.status[]', true, `'{}'::app.status[]`, false, null],
    ['credit', 7, 'app.amount', false, null, false, null],
    ['label', lastColumnNumber, 'text', false, 'upper("Full Name")', true, null],
  ]);
  expect(customer.keys).toEqual([
    {
      name: 'customer_pkey',
      columns: ['id'],
      primary: true,
      predicate: null,
      deferrable: false,
      nullsNotDistinct: false,
    },
    {
      name: 'customer_email',
      columns: ['email'],
      primary: false,
      predicate: null,
      deferrable: true,
      nullsNotDistinct: false,
    },
    {
      name: 'customer_open',
      columns: [null, 'state'],
      primary: false,
      predicate: `(state = 'open'::app.status)`,
      deferrable: false,
      nullsNotDistinct: false,
    },
  ]);
  expect(customer.triggers).toMatchObject([
    {
      name: 'touch',
      events: ['insert', 'update'],
      timing: 'before',
      level: 'row',
      routine: routineOf(catalog, 'touch').oid,
    },
  ]);
  expect(customer.policies).toEqual([
    {
      name: 'fine_only',
      command: 'UPDATE',
      roles: [catalog.currentUser, 'rich_reader'].sort(),
      using: 'app.is_fine(code)',
      check: '(id > 0)',
    },
    { name: 'strict', command: 'SELECT', roles: ['public'], using: 'true', check: null },
  ]);
  const invoice = relationOf(catalog, 'app', 'invoice');
  expect(invoice.columns.find(({ name }) => name === 'amount')?.typmod).toBe((12 << 16) + 2 + 4);
  expect(invoice.keys.map(({ columns }) => columns)).toEqual([['customer', 'number']]);
  expect(invoice.foreignKeys.map(({ columns, references }) => [columns, references])).toEqual([
    [['customer'], { schema: 'app', table: 'customer', columns: ['id'] }],
    [
      ['parent_customer', 'parent_number'],
      { schema: 'app', table: 'invoice', columns: ['customer', 'number'] },
    ],
  ]);
  const kinds = new Map(catalog.relations.map(({ schema, name, kind }) => [`${schema}.${name}`, kind]));
  expect(Object.fromEntries(kinds)).toMatchObject({
    'app.event': 'partitioned-table',
    'app.event_2024': 'table',
    'app.open_customer': 'view',
    'app.totals': 'materialized-view',
    'app.pair': 'composite',
    'app.ticket': 'sequence',
    'Odd Name.Base': 'table',
  });
  expect([...kinds.keys()].filter((name) => /^(pg_|information)/.test(name))).toEqual([]);
}

function expectTypes(catalog: Catalog): void {
  const named = (name: string) => [...catalog.types.values()].find(({ sqlName }) => sqlName === name);
  expect(catalog.types.get(1700)).toMatchObject({
    sqlName: 'numeric',
    kind: 'base',
    category: 'N',
    preferred: false,
  });
  expect(catalog.types.get(25)).toMatchObject({ sqlName: 'text', preferred: true, array: 1009 });
  expect(catalog.types.get(1009)).toMatchObject({ sqlName: 'text[]', category: 'A', element: 25 });
  expect(catalog.types.get(600)).toMatchObject({ sqlName: 'point', element: 0 });
  expect(catalog.types.get(2278)).toMatchObject({ sqlName: 'void', kind: 'pseudo' });
  expect(named('app.status')).toMatchObject({
    kind: 'enum',
    enumLabels: ['open', `it's`, 'closed'],
    schema: 'app',
  });
  expect(named('app.status[]')?.element).toBe(named('app.status')?.oid);
  expect(named('app.amount')).toMatchObject({ kind: 'domain', baseType: 1700, notNull: true });
  expect(named('app.pair')).toMatchObject({
    kind: 'composite',
    relation: relationOf(catalog, 'app', 'pair').oid,
  });
  expect(named('app.customer')?.oid).toBe(relationOf(catalog, 'app', 'customer').rowType);
  expect(named('app.span')).toMatchObject({ kind: 'range' });
  expect(named('pg_class')).toBeUndefined();
  for (const { columns } of catalog.relations)
    for (const { type } of columns) expect(catalog.types.has(type)).toBe(true);
  for (const routine of catalog.routines) {
    for (const type of [routine.returnType, ...routine.arguments.map((a) => a.type)])
      expect(catalog.types.has(type)).toBe(true);
  }
}

function expectBuiltins(catalog: Catalog): void {
  expect(catalog.builtins.get('now')).toEqual({
    volatile: false,
    returnsSet: false,
    aggregate: false,
    window: false,
  });
  expect(catalog.builtins.get('random')?.volatile).toBe(true);
  expect(catalog.builtins.get('sum')?.aggregate).toBe(true);
  expect(catalog.builtins.get('lag')?.window).toBe(true);
  expect(catalog.builtins.get('generate_series')?.returnsSet).toBe(true);
  expect(catalog.builtins.has('is_fine')).toBe(false);
}

function expectStandardBodies(catalog: Catalog): void {
  const totals = routineOf(catalog, 'totals_of');
  expect(totals.source).toBe('');
  expect(totals.sqlBody).toMatch(/^BEGIN ATOMIC\n SELECT totals_of\.extra/);
  expect(routineOf(catalog, 'twice')).toMatchObject({
    arguments: [{ name: null, type: 23, mode: 'in' }],
    sqlBody: 'RETURN ($1 * 2)',
  });
  expect(routineOf(catalog, 'twice').usedBy).toEqual(['function app.fourfold(integer)']);
}
