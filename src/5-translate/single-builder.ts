/** One statement as a query builder, made to give what the site wants of it. */
import type { Expression } from '../3-parse/expression.js';
import type { Select, Statement } from '../3-parse/statement.js';
import type { Cardinality } from './cardinality.js';
import { some } from './cardinality.js';
import type { Code, ObjectEntry } from './code.js';
import type { InlineDraft } from './draft.js';
import { counted } from './counted.js';
import type { Scope } from './scope.js';
import { builderFields, draftColumns, outputTargets, selected, type Selected } from './selection.js';
import { method, selectBuilder, plain } from './statements/select.js';
import { deleteBuilder, insertBuilder, updateBuilder, type Returning } from './statements/write.js';
import { refuseManyRows, rowTypeText } from './single-statement.js';
import type { SingleInput } from './translate-single.js';
import { unsupported } from './untranslatable.js';

export function asBuilder(input: SingleInput, scope: Scope, count: Cardinality): InlineDraft {
  const { verdict, use, site } = input;
  const { statement, result } = verdict;
  if (result.kind === 'void' || result.kind === 'found' || result.kind === 'row-count') {
    const query = finished(build(statement, scope, null), scope);
    return { ...base, describable: [query], prelude: scope.prelude, ...counted(input, query, 'rows') };
  }
  refuseManyRows(input, count);
  const columns = selected(site, use, verdict);
  const nullRowWhenEmpty = result.kind === 'first-row' && count !== 'exactly-one';
  const named = use.shape === 'result';
  if (named && nullRowWhenEmpty) unsupported('a row of NULLs in a driver result');
  const ignored =
    use.shape === 'nothing' && statement.kind !== 'select' && !some(outputTargets(statement), isEffect);
  const fields = ignored
    ? null
    : (inner: Scope, leaf: Select | null = null) => builderFields(columns, inner, use, named, leaf);
  const limited = result.kind === 'first-row' && count === 'many' ? firstRow(statement) : statement;
  const outputs = columns.map((column) => (column.cast ? null : column.target.expression));
  const query = finished(build(limited, scope, fields, outputs), scope);
  const shared = {
    ...base,
    describable: [query],
    prelude: scope.prelude,
    columns: draftColumns(columns, scope),
    cardinality: count,
    nullRowWhenEmpty,
  };
  if (use.shape === 'nothing') return { ...shared, query, shape: 'nothing', nullRowWhenEmpty: false };
  if (!named) return { ...shared, query, shape: 'rows' };
  return { ...shared, query: wholeResult(query, columns, scope), shape: 'result' };
}

const base = {
  kind: 'inline',
  completeness: 'complete',
  todos: [],
  statements: 1,
  roundTrips: 1,
  hazards: [],
  columns: [],
  cardinality: 'many',
  nullRowWhenEmpty: false,
} as const;

function build(
  statement: Statement,
  scope: Scope,
  fields: ((scope: Scope, leaf?: Select) => readonly ObjectEntry[]) | null,
  outputs?: readonly (Expression | null)[],
): Code {
  const returning: Returning = fields;
  switch (statement.kind) {
    case 'select':
      return selectBuilder(statement, scope, fields ?? ((inner) => ownFields(statement, inner)), outputs)
        .code;
    case 'insert':
      return insertBuilder(statement, scope, returning).code;
    case 'update':
      return updateBuilder(statement, scope, returning).code;
    case 'delete':
      return deleteBuilder(statement, scope, returning).code;
    case 'unsupported-statement':
      return unsupported(statement.construct);
  }
}

/** What PERFORM selects: nobody reads it, but evaluating it may lock, fail or act. */
function ownFields(statement: Extract<Statement, { kind: 'select' }>, scope: Scope): readonly ObjectEntry[] {
  return statement.targets.map((target, index) => ({
    kind: 'property',
    key:
      target.expression.kind === 'column' ? target.expression.column : `value${index === 0 ? '' : index + 1}`,
    value: plain(target.expression, scope),
  }));
}

/** Placeholders get their values where the query is executed. */
function finished(code: Code, scope: Scope): Code {
  if (scope.placeholders.size === 0) return code;
  const entries = [...scope.placeholders].map(([key, value]): ObjectEntry => ({
    kind: 'property',
    key,
    value,
  }));
  return method(code, 'execute', { kind: 'object', entries });
}

/** Drizzle's `execute` takes a builder and gives the driver's own result, with raw keys and values. */
function wholeResult(query: Code, columns: readonly Selected[], scope: Scope): Code {
  if (scope.placeholders.size > 0) unsupported('a driver result of a query with placeholders');
  const execute: Code = { kind: 'member', object: { kind: 'executor' }, property: 'execute' };
  return { kind: 'call', callee: execute, arguments: [query], typeArguments: [rowTypeText(columns, scope)] };
}

/** A routine that is not set-returning gives the first row only. Rows that a lock must reach are all read. */
function firstRow(statement: Statement): Statement {
  if (statement.kind !== 'select' || statement.locking.length > 0 || statement.limit !== null)
    return statement;
  return { ...statement, limit: { kind: 'literal', literal: 'integer', text: '1', type: 23 } };
}

function isEffect(node: { readonly kind: string }): boolean {
  return node.kind !== 'column' && node.kind !== 'literal';
}
