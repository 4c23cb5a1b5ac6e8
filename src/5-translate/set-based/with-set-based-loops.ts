/**
 * Loops that are statements in disguise: FOR over rows of which each turn changes one row by its key, said as one
 * UPDATE or DELETE. Only where every value, error and row is the same, whatever the tables hold.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { Block, PlpgsqlBody, Step, Target } from '../../3-parse/body.js';
import { outputTargets } from '../selection.js';
import { walk } from '../../4-classify/walk-body.js';
import { readsIn } from '../steps/variable-uses.js';
import type { LoopRows } from './loop-rows.js';
import { asOneStatement, type OneStatement } from './as-one-statement.js';

type QueryStep = Extract<Step, { kind: 'for-query' }>;

export interface SetBased {
  readonly body: PlpgsqlBody;
  /** What a second session could make another way; null: nothing. */
  readonly difference: string | null;
}

/** The body with each such loop as one statement; null: it has none. */
export function withSetBasedLoops(body: PlpgsqlBody, catalog: Catalog): SetBased | null {
  if (tellsOfStatements(body)) return null;
  const found: OneStatement[] = [];
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    if ('kind' in value && value.kind === 'for-query') {
      const step = value as QueryStep;
      const one = statementOf(step, body, catalog);
      if (one !== null) {
        found.push(one);
        const { line, sql } = step;
        return { kind: 'execute-sql', statement: one.statement, into: null, line, sql } satisfies Step;
      }
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  const block = visit(body.block) as Block;
  if (found.length === 0) return null;
  return { body: { ...body, block }, difference: found.every(({ exact }) => exact) ? null : keysMayMove };
}

const keysMayMove =
  'A row whose key another session changes while it is waited for is left out; the loop reaches it by its new key.';

/** FOUND and ROW_COUNT are of the loop in one form and of the statement in the other. */
function tellsOfStatements({ block, variables }: PlpgsqlBody): boolean {
  const found = new Set(variables.filter(({ origin }) => origin === 'found').map(({ id }) => id));
  let tells = false;
  walk(block, null, ({ node }) => {
    if (node.kind === 'get-diagnostics') tells = true;
    if (node.kind === 'variable' && 'inferred' in node && found.has(Number(node['variable']))) tells = true;
  });
  return tells;
}

function statementOf(step: QueryStep, body: PlpgsqlBody, catalog: Catalog): OneStatement | null {
  const [only, ...others] = step.body;
  if (only?.kind !== 'execute-sql' || only.into !== null || others.length > 0) return null;
  if (step.label !== null || only.dynamic === true) return null;
  const rows = loopRows(step, body, catalog);
  return rows === null ? null : asOneStatement(only.statement, rows, catalog);
}

/** The loop's query with what each of its columns is called in the turn. Nothing outside may read the target. */
function loopRows(step: QueryStep, body: PlpgsqlBody, catalog: Catalog): LoopRows | null {
  const { statement, target: targets } = step;
  if (statement.kind !== 'select') return null;
  for (const target of targets) {
    if (target.kind !== 'variable') return null;
    const variable = body.variables[target.variable];
    if (variable === undefined || variable.origin === 'out' || variable.notNull) return null;
    const inside = readsIn(step.body, target.variable).length;
    if (readsIn(body.block, target.variable).length !== inside) return null;
  }
  const columns = columnsOf(targets, step, body, catalog);
  return columns === null ? null : { select: statement, columns };
}

/** Output column by `id` or `id.field`, as the turn reads it. */
function columnsOf(
  targets: readonly Target[],
  { statement }: QueryStep,
  { variables }: PlpgsqlBody,
  catalog: Catalog,
): LoopRows['columns'] | null {
  const outputs = outputTargets(statement);
  const [first] = targets;
  const record = targets.length === 1 && first?.kind === 'variable' ? variables[first.variable] : undefined;
  const rowType = catalog.types.get(record?.type ?? 0);
  if (record?.type === null || rowType?.kind === 'composite') {
    const relation = catalog.relations.find(({ oid }) => oid === rowType?.relation);
    const names = relation?.columns.map(({ name }) => name) ?? outputs.map(({ name }) => name);
    const own = outputs.map(({ name }) => name);
    // A row variable takes the columns by their places, a record by their names.
    if (names.join('\0') !== own.join('\0') || new Set(own).size < own.length) return null;
    const types = relation?.columns.map(({ type }) => type);
    if (types?.some((type, index) => outputs[index]?.expression.type !== type) === true) return null;
    return new Map(own.map((name, index) => [`${String(record?.id)}.${name}`, index]));
  }
  if (targets.length !== outputs.length) return null;
  const columns = new Map<string, number>();
  for (const [index, target] of targets.entries()) {
    if (target.kind !== 'variable') return null;
    const variable = variables[target.variable];
    // An assignment that casts could fail, or change what the turn reads.
    if (variable?.typmod !== -1 || variable.type !== outputs[index]?.expression.type) return null;
    columns.set(String(target.variable), index);
  }
  return columns;
}
