/** The columns and arguments that values come from, through the variables of PL/pgSQL. */
import type { Body } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import { rangesIn, type Ranges } from './ranges.js';

export interface Sources {
  /** As `oid.column`. */
  readonly columns: ReadonlySet<string>;
  /** Positions among the input arguments. */
  readonly parameters: ReadonlySet<number>;
  /** Of a variable: the only expression that it is set from, or null. */
  readonly definition?: Expression | null;
}

/** By `variable`, or `variable.field` of a record. */
export type VariableSources = ReadonlyMap<string, Sources>;

type Node = Readonly<Record<string, unknown>>;

interface Growing {
  readonly columns: Set<string>;
  readonly parameters: Set<number>;
  definition?: Expression | null;
}

/** What each variable is set from by assignments, defaults, INTO and loops. */
export function variableSources(root: Statement | Body): VariableSources {
  const found = new Map<string, Growing>();
  if ('sql' in root || root.kind !== 'plpgsql') return found;
  // The second time through, a variable that is set from another one knows where that one comes from.
  for (let round = 0; round < 2; round += 1) {
    for (const { id, default: value } of root.variables) note(found, String(id), value, new Map());
    visit(root.block, found);
  }
  return found;
}

/** All that an expression is made of; of a subquery what it selects. */
export function sourcesOf(expression: unknown, ranges: Ranges, variables: VariableSources): Sources {
  const sources: Growing = { columns: new Set(), parameters: new Set() };
  gather(expression, ranges, variables, sources);
  return sources;
}

/** As in VariableSources. */
export function variableKey(node: { readonly variable?: unknown; readonly path?: unknown }): string {
  const { variable, path } = node;
  return [variable, ...(Array.isArray(path) ? (path as unknown[]) : [])].map(String).join('.');
}

function visit(value: unknown, found: Map<string, Growing>): void {
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  if (node['kind'] === 'assign') {
    const key = targetKey(node['target']);
    if (key !== null) note(found, key, node['value'], rangesIn(node['value']));
  }
  if (node['kind'] === 'execute-sql') {
    const into = node['into'] as { readonly targets: readonly unknown[] } | null;
    if (into !== null) noteRow(found, into.targets, node['statement']);
  }
  if (node['kind'] === 'foreach') {
    const key = targetKey(node['target']);
    if (key !== null) note(found, key, node['array'], rangesIn(node['array']));
  }
  if (node['kind'] === 'for-range') {
    for (const bound of [node['from'], node['to']])
      note(found, String(node['variable']), bound, rangesIn(bound));
  }
  if (node['kind'] === 'for-query') noteRow(found, node['target'] as readonly unknown[], node['statement']);
  for (const child of Object.values(node)) visit(child, found);
}

function noteRow(found: Map<string, Growing>, targets: readonly unknown[], statement: unknown): void {
  const ranges = rangesIn(statement);
  const { targets: selected, returning } = statement as {
    readonly targets?: readonly Node[];
    readonly returning?: readonly Node[];
  };
  const columns = selected ?? returning ?? [];
  const keys = targets.map(targetKey);
  const [only] = keys;
  columns.forEach((column, index) => {
    const key = keys[index];
    if (typeof key === 'string') note(found, key, column['expression'], ranges);
    const name = column['name'];
    if (keys.length === 1 && typeof only === 'string' && typeof name === 'string')
      note(found, `${only}.${name}`, column['expression'], ranges);
  });
}

function targetKey(target: unknown): string | null {
  const { kind, variable, path } = target as {
    readonly kind: string;
    readonly variable?: number;
    readonly path?: readonly string[];
  };
  if (kind === 'variable') return String(variable);
  return kind === 'field' ? [variable, ...(path ?? [])].join('.') : null;
}

function note(found: Map<string, Growing>, key: string, value: unknown, ranges: Ranges): void {
  if (value === null) return;
  const sources = found.get(key) ?? { columns: new Set(), parameters: new Set() };
  found.set(key, sources);
  const { definition = value as Expression } = sources;
  sources.definition = definition === value ? definition : null;
  gather(value, ranges, found, sources);
}

function gather(value: unknown, ranges: Ranges, variables: VariableSources, into: Growing): void {
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const range = node['kind'] === 'column' ? Number(node['range']) : 0;
  const relation = node['kind'] === 'column' ? ranges.get(range) : undefined;
  if (relation !== undefined && typeof relation !== 'number') {
    // A recursive common table is followed once.
    const outer = new Map([...ranges].filter(([, other]) => other !== relation));
    gather(relation.get(String(node['column'])), outer, variables, into);
  } else if (relation !== undefined) into.columns.add(`${String(relation)}.${String(node['column'])}`);
  if (node['kind'] === 'parameter') into.parameters.add(Number(node['position']));
  if (node['kind'] === 'variable') {
    const key = variableKey(node);
    for (const column of variables.get(key)?.columns ?? []) into.columns.add(column);
    for (const position of variables.get(key)?.parameters ?? []) into.parameters.add(position);
  }
  if (typeof node['sql'] === 'string' && 'targets' in node)
    return gather(node['targets'], ranges, variables, into);
  for (const child of Object.values(node)) gather(child, ranges, variables, into);
}
