/**
 * An INSERT whose handler only says what a unique violation means: ON CONFLICT DO NOTHING and a test of the count,
 * without a savepoint. The same only where nothing but the inserted row can violate a constraint that it skips.
 */
import type { Catalog, Relation } from '../../1-read/catalog.js';
import type { Block, PlpgsqlBody, Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Insert } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';

/** The steps in place of the block, or null where the block has to stay. */
export function withoutUniqueHandler(
  block: Block,
  body: PlpgsqlBody,
  catalog: Catalog,
): readonly Step[] | null {
  const [handler, ...others] = block.handlers;
  const [first, ...tail] = block.statements;
  const found = body.variables.find(({ origin }) => origin === 'found');
  if (handler === undefined || others.length > 0 || first?.kind !== 'execute-sql' || found === undefined)
    return null;
  if (!handler.conditions.every((condition) => /^(unique_violation|23505)$/i.test(condition))) return null;
  const insert = first.statement;
  if (insert.kind !== 'insert' || !skipsOnlyItsRow(insert, catalog)) return null;
  if (!tail.every((step) => isPure(step)) || !handler.statements.every((step) => isPure(step))) return null;
  const ends = /^(return|raise)$/.test(handler.statements.at(-1)?.kind ?? '');
  // On a violation the original leaves FOUND and the targets of INTO as they were.
  if (!ends && (first.into !== null || readsVariable(body.block, found.id))) return null;
  const isFound: Expression = {
    kind: 'variable',
    variable: found.id,
    name: found.name,
    path: [],
    type: 16,
    inferred: 16,
  };
  const nothing = { action: 'nothing', target: null, set: [], where: null } as const;
  const then = handler.statements;
  const condition: Expression = { kind: 'not', operands: [isFound], type: 16 };
  const test: Step = {
    kind: 'if',
    branches: [{ condition, then, line: handler.line }],
    otherwise: tail.length === 0 ? null : tail,
    line: handler.line,
  };
  return [{ ...first, statement: { ...insert, onConflict: nothing } }, test];
}

function skipsOnlyItsRow(insert: Insert, catalog: Catalog): boolean {
  const { source, into } = insert;
  const oneRow = source.kind === 'default-values' || (source.kind === 'values' && source.rows.length === 1);
  const relation = catalog.relations.find(({ oid }) => oid === into.oid);
  if (!oneRow || insert.with.length > 0 || insert.onConflict !== null || relation === undefined) return false;
  return hasPlainKeys(relation) && !callsRoutine(insert);
}

/** A trigger may violate another table's key; an exclusion constraint is skipped too; a deferrable one is not. */
function hasPlainKeys({ kind, triggers, exclusions, keys, rowSecurity }: Relation): boolean {
  return (
    kind === 'table' &&
    !rowSecurity &&
    exclusions?.length === 0 &&
    keys.every((key) => !key.deferrable) &&
    !triggers.some(({ events }) => events.includes('insert'))
  );
}

function callsRoutine(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind === 'call' && typeof node['routine'] === 'number') found = true;
    if (node.kind.startsWith('unsupported')) found = true;
  });
  return found;
}

/** It sends nothing and asks nothing about the handled error. */
function isPure(step: Step): boolean {
  switch (step.kind) {
    case 'null':
      return true;
    case 'return':
      return step.value === null || isPlain(step.value);
    case 'assign':
      return isPlain(step.value);
    case 'raise':
      return (
        step.level === 'exception' &&
        (step.message !== null || step.condition !== null) &&
        [...step.parameters, ...step.options.map(({ value }) => value)].every(isPlain)
      );
    default:
      return false;
  }
}

function isPlain(node: Expression): boolean {
  if (node.kind === 'variable') return !/^sql(state|errm)$/i.test(node.name);
  return /^(literal|null|parameter)$/.test(node.kind);
}

function readsVariable(tree: unknown, id: number): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind === 'variable' && 'inferred' in node && node['variable'] === id) found = true;
  });
  return found;
}
