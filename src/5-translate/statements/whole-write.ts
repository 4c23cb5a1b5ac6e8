/** INSERT, UPDATE and DELETE as the text of one `sql` template. */
import type { Expression, FunctionCall } from '../../3-parse/expression.js';
import type {
  CalledProcedure,
  Delete,
  Insert,
  Select,
  SelectTarget,
  Statement,
  UnsupportedStatement,
  Update,
} from '../../3-parse/statement.js';
import { call } from '../expressions/call.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, joined, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { rangeOf, tableCode, type Range, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { commonTables, fromText, selectText, targetText, withFrom } from './whole-select.js';

/** `names` gives RETURNING's columns other names; null keeps the targets' own. */
export function writeText(statement: Statement, outer: Scope, names: readonly string[] | null): Fragment {
  switch (statement.kind) {
    case 'insert':
      return insertText(statement, outer, names);
    case 'update':
      return updateText(statement, outer, names);
    case 'delete':
      return deleteText(statement, outer, names);
    case 'select':
      return selectText(statement, outer, names);
    case 'unsupported-statement':
      if (statement.called !== undefined) return callText(statement.called, outer);
      return statement.truncated === undefined
        ? unsupported(statement.construct)
        : truncateText(statement.truncated, outer);
  }
}

function truncateText(
  { tables, options }: NonNullable<UnsupportedStatement['truncated']>,
  scope: Scope,
): Fragment {
  const inner = withFrom(scope, tables, []);
  const names = tables.map(({ range }) => target(range, inner));
  return fragment(bind.or, 'truncate ', joined(bind.or, ', ', names), options);
}

/** OUT arguments are not evaluated, and what stands for them is NULL. */
function callText({ call: node, outs }: CalledProcedure, scope: Scope): Fragment {
  const routine = scope.catalog.routines.find(({ oid }) => oid === node.routine);
  const inputs = [...node.arguments];
  const listed = (routine?.arguments ?? []).flatMap((argument): FunctionCall['arguments'] => {
    const name = node.arguments.some((given) => given.name !== null) ? argument.name : null;
    if (argument.mode === 'out') return [{ name, value: { kind: 'null', type: null } }];
    const at = inputs.findIndex((given) => given.name === null || given.name === argument.name);
    const [given] = at < 0 ? [] : inputs.splice(at, 1);
    if (given === undefined) return [];
    const typeName = scope.catalog.types.get(argument.type)?.sqlName ?? 'unknown';
    const value: Expression = { kind: 'cast', operand: given.value, typeName, type: argument.type };
    return [{ ...given, value }];
  });
  if (outs.length > 0 && routine === undefined) return unsupported('CALL of an unknown procedure');
  return fragment(bind.or, 'call ', call({ ...node, arguments: listed }, scope));
}

function insertText(node: Insert, outer: Scope, names: readonly string[] | null): Fragment {
  const scope = withFrom(outer, [node.into], node.with);
  const columns =
    node.insertColumns.length === 0 ? '' : ` (${node.insertColumns.map(identifier).join(', ')})`;
  const parts: (string | Fragment)[] = [
    commonTables(node.with, false, scope),
    'insert into ',
    target(node.into.range, scope),
    columns,
  ];
  if (node.overriding !== null) parts.push(` overriding ${node.overriding} value`);
  if (node.source.kind === 'default-values') parts.push('\ndefault values');
  else if (node.source.kind === 'select')
    parts.push('\n', insertedRows(node.source.select, withFrom(outer, [], node.with)));
  else {
    const rows = node.source.rows.map((row) => {
      const items = row.map((item) =>
        item.kind === 'default' ? fragment(bind.atom, 'default') : expression(item, scope),
      );
      return fragment(bind.atom, '(', joined(bind.atom, ', ', items), ')');
    });
    parts.push('\nvalues ', joined(bind.atom, ', ', rows));
  }
  if (node.onConflict !== null) parts.push('\non conflict', ...conflict(node.onConflict, scope));
  return fragment(bind.or, ...parts, ...returning(node.returning, scope, names));
}

/** The names of the columns that are inserted mean nothing, unless a clause of the query itself uses them. */
function insertedRows(select: Select, scope: Scope): Fragment {
  const nameless = select.setOperation === null && select.orderBy.length === 0 && select.groupBy.length === 0;
  return selectText(select, scope, nameless ? select.targets.map(() => '?column?') : null);
}

function conflict(clause: NonNullable<Insert['onConflict']>, scope: Scope): readonly (string | Fragment)[] {
  const parts: (string | Fragment)[] = [];
  if (clause.target?.kind === 'columns') {
    parts.push(` (${clause.target.columns.map(identifier).join(', ')})`);
    if (clause.target.where !== null) parts.push('\nwhere ', expression(clause.target.where, scope));
  } else if (clause.target?.kind === 'constraint')
    parts.push(` on constraint ${identifier(clause.target.name)}`);
  else if (clause.target?.kind === 'expressions')
    parts.push(` ${clause.target.sql.startsWith('(') ? clause.target.sql : `(${clause.target.sql})`}`);
  if (clause.action === 'nothing') return [...parts, ' do nothing'];
  parts.push('\ndo update set ', setList(clause.set, scope));
  if (clause.where !== null) parts.push('\nwhere ', expression(clause.where, scope));
  return parts;
}

function updateText(node: Update, outer: Scope, names: readonly string[] | null): Fragment {
  const scope = withFrom(outer, [node.table, ...node.from], node.with);
  const parts: (string | Fragment)[] = [
    commonTables(node.with, false, scope),
    'update ',
    target(node.table.range, scope),
  ];
  parts.push('\nset ', setList(node.set, scope));
  if (node.from.length > 0)
    parts.push(
      '\nfrom ',
      joined(
        bind.or,
        ', ',
        node.from.map((item) => fromText(item, scope)),
      ),
    );
  if (node.where !== null) parts.push('\nwhere ', expression(node.where, scope));
  return fragment(bind.or, ...parts, ...returning(node.returning, scope, names));
}

function deleteText(node: Delete, outer: Scope, names: readonly string[] | null): Fragment {
  const scope = withFrom(outer, [node.table, ...node.using], node.with);
  const parts: (string | Fragment)[] = [
    commonTables(node.with, false, scope),
    'delete from ',
    target(node.table.range, scope),
  ];
  if (node.using.length > 0)
    parts.push(
      '\nusing ',
      joined(
        bind.or,
        ', ',
        node.using.map((item) => fromText(item, scope)),
      ),
    );
  if (node.where !== null) parts.push('\nwhere ', expression(node.where, scope));
  return fragment(bind.or, ...parts, ...returning(node.returning, scope, names));
}

function setList(set: Update['set'], scope: Scope): Fragment {
  const items = set.flatMap(({ column, value, form }, index) => {
    if (form !== null && value.kind === 'scalar-subquery') return [rowAssignment(set, index, scope)];
    if (form !== null) return isPartOfRow(set, index) ? [] : unsupported(form);
    const right = value.kind === 'default' ? fragment(bind.atom, 'default') : expression(value, scope);
    return [fragment(bind.or, `${identifier(column)} = `, right)];
  });
  return joined(bind.or, ', ', items);
}

/** `(a, b) = (select …)`: the first column holds the query, those of the same row follow it. */
function rowAssignment(set: Update['set'], index: number, scope: Scope): Fragment {
  const first = set[index];
  if (first?.value.kind !== 'scalar-subquery') return unsupported('SET (a, b) = …');
  const columns = set.slice(index, index + first.value.select.targets.length);
  if (columns.some((item, at) => item.form !== first.form || (at > 0 && item.value.kind !== 'unsupported')))
    return unsupported(first.form ?? 'SET (a, b) = …');
  const names = columns.map(({ column }) => identifier(column)).join(', ');
  return fragment(bind.or, `(${names}) = `, expression(first.value, scope));
}

function isPartOfRow(set: Update['set'], index: number): boolean {
  const start = set.slice(0, index).findLastIndex(({ value }) => value.kind === 'scalar-subquery');
  const query = set[start]?.value;
  return query?.kind === 'scalar-subquery' && index < start + query.select.targets.length;
}

function returning(
  targets: readonly SelectTarget[],
  scope: Scope,
  names: readonly string[] | null,
): readonly (string | Fragment)[] {
  if (targets.length === 0) return [];
  return [
    '\nreturning ',
    joined(
      bind.or,
      ', ',
      targets.map((item, index) => targetText(item, names?.[index] ?? item.name, scope)),
    ),
  ];
}

function target(range: number, scope: Scope): Fragment {
  const found = rangeOf(scope, range) as Extract<Range, { kind: 'table' }>;
  return fragment(
    bind.atom,
    tableCode(found.table),
    found.alias === null ? '' : ` as ${identifier(found.alias)}`,
  );
}
