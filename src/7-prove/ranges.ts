/** What the columns of each from item of a statement are: those of a table, or what a subquery selects. */
import type { Expression } from '../3-parse/expression.js';
import type { SelectTarget, Statement } from '../3-parse/statement.js';

/** By range id, unique within one statement: the pg_class OID of a table, or the columns of a subquery by name. */
export type Ranges = ReadonlyMap<number, number | ReadonlyMap<string, Expression>>;

type Node = Readonly<Record<string, unknown>>;

/** Of everything in a statement, its common tables and subqueries included. */
export function rangesIn(root: unknown): Ranges {
  const ranges = new Map<number, number | ReadonlyMap<string, Expression>>();
  const common = new Map<string, ReadonlyMap<string, Expression>>();
  const functions = new Map<number, Expression>();
  walk(root, (node) => {
    if ('materialized' in node) {
      const { name, statement, columnNames } = node as unknown as CommonNode;
      common.set(name, columnsOf(statement, columnNames));
    }
  });
  walk(root, (node) => {
    const range = node['range'];
    if (typeof range !== 'number') return;
    if (node['kind'] === 'table' && typeof node['oid'] === 'number') ranges.set(range, node['oid']);
    if (node['kind'] === 'subquery' && 'select' in node) {
      const { select, columnNames } = node as unknown as SubqueryNode;
      ranges.set(range, columnsOf(select, columnNames ?? []));
    }
    if (node['kind'] === 'function' && 'call' in node) functions.set(range, node['call'] as Expression);
    const known = node['kind'] === 'common-table' ? common.get(String(node['name'])) : undefined;
    if (known !== undefined) ranges.set(range, known);
  });
  // What a function in FROM gives comes from what it is given.
  walk(root, (node) => {
    const range = Number(node['range']);
    const call = node['kind'] === 'column' ? functions.get(range) : undefined;
    const known = ranges.get(range);
    if (call === undefined || typeof known === 'number') return;
    ranges.set(range, new Map([...(known ?? []), [String(node['column']), call]]));
  });
  return ranges;
}

interface CommonNode {
  readonly name: string;
  readonly statement: Statement;
  readonly columnNames: readonly string[];
}

interface SubqueryNode {
  readonly select: Statement;
  readonly columnNames?: readonly string[];
}

function columnsOf(statement: Statement, names: readonly string[]): ReadonlyMap<string, Expression> {
  const { values = null } = statement as { readonly values?: readonly (readonly Expression[])[] | null };
  if (values !== null) {
    const lists = names.map((name, index): [string, Expression] => [
      name,
      { kind: 'array', items: values.flatMap((row) => row[index] ?? []), type: null },
    ]);
    return new Map(lists);
  }
  const targets: readonly SelectTarget[] =
    'targets' in statement ? statement.targets : 'returning' in statement ? statement.returning : [];
  return new Map(targets.map(({ name, expression }, index) => [names[index] ?? name, expression]));
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  visit(value as Node);
  for (const child of Object.values(value)) walk(child, visit);
}
