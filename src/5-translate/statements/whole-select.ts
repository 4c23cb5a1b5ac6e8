/** SELECT as the text of one `sql` template, with the user's tables and columns as code where they can be. */
import type { CommonTable, FromItem, Select, SelectTarget } from '../../3-parse/statement.js';
import type { Expression } from '../../3-parse/expression.js';
import { expression } from '../expressions/expression.js';
import { windowOf } from '../expressions/call.js';
import { bind, fragment, joined, nested, within, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { rangeOf, tableCode, type Range, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { groupKey } from './output-position.js';
import { tableRange } from './ranges.js';
import { tailOf } from './select-tail.js';
import { writeText } from './whole-write.js';

/** Not in parentheses. `names` gives the output columns other names than the targets' own. */
export function selectText(select: Select, outer: Scope, names: readonly string[] | null = null): Fragment {
  const scope = withFrom(outer, select.from, select.with);
  const start = commonTables(select.with, select.recursive, scope);
  const tail = tailOf(select, scope);
  if (select.setOperation !== null) {
    const { operator, all, left, right } = select.setOperation;
    const word = `\n${operator}${all ? ' all' : ''}\n`;
    return fragment(bind.or, start, side(left, scope, names), word, side(right, scope, null), ...tail);
  }
  if (select.values !== null) {
    const rows = select.values.map((row) =>
      fragment(
        bind.atom,
        '(',
        joined(
          bind.atom,
          ', ',
          row.map((item) => expression(item, scope)),
        ),
        ')',
      ),
    );
    return fragment(bind.or, start, 'values ', joined(bind.or, ', ', rows), ...tail);
  }
  const outputs = outputsOf(select);
  const parts: (string | Fragment)[] = [start, 'select '];
  if (select.distinct !== null) {
    parts.push('distinct ');
    if (select.distinct.length > 0) {
      parts.push(
        'on (',
        joined(
          bind.or,
          ', ',
          select.distinct.map((item) => groupKey(item, outputs, scope)),
        ),
        ') ',
      );
    }
  }
  parts.push(
    joined(
      bind.or,
      ', ',
      select.targets.map((target, index) => targetText(target, names?.[index] ?? target.name, scope)),
    ),
  );
  if (select.from.length > 0)
    parts.push(
      '\nfrom ',
      joined(
        bind.or,
        ', ',
        select.from.map((item) => fromText(item, scope)),
      ),
    );
  if (select.where !== null) parts.push('\nwhere ', expression(select.where, scope));
  if (select.groupBy.length > 0)
    parts.push(
      `\ngroup by ${select.groupingSets === 'distinct' ? 'distinct ' : ''}`,
      joined(
        bind.or,
        ', ',
        select.groupBy.map((item) => groupKey(item, outputs, scope)),
      ),
    );
  if (select.having !== null) parts.push('\nhaving ', expression(select.having, scope));
  if (select.windows.length > 0) {
    const windows = select.windows.map(({ name, window }) =>
      fragment(bind.or, `${identifier(name)} as `, windowOf(window, scope)),
    );
    parts.push('\nwindow ', joined(bind.or, ', ', windows));
  }
  return fragment(bind.or, ...parts, ...tail);
}

function outputsOf(select: Select): readonly Expression[] {
  return select.targets.map((target) => target.expression);
}

/** `expression as "key"`, the alias left out where the column has that name already. */
export function targetText(target: SelectTarget, name: string, scope: Scope): Fragment {
  const value = expression(target.expression, scope);
  const own = ownName(target.expression);
  return own === name || name === '?column?' ? value : fragment(bind.or, value, ` as ${identifier(name)}`);
}

/** What PostgreSQL calls the column when it has no alias; null where that takes more to say. */
function ownName(node: Expression): string | null {
  if (node.kind === 'column') return node.column;
  return node.kind === 'call' ? node.name : null;
}

/** The scope with the tables, subqueries and functions of a FROM list, and its common tables. */
export function withFrom(scope: Scope, from: readonly FromItem[], common: readonly CommonTable[]): Scope {
  const ranges = new Map(scope.ranges);
  for (const item of common) ranges.set(item.range, { kind: 'text', alias: item.name });
  const visit = (item: FromItem): void => {
    if (item.kind === 'join') {
      visit(item.left);
      visit(item.right);
    } else if (item.kind === 'table' && scope.form === 'text')
      ranges.set(item.range, { kind: 'text', alias: item.alias });
    else if (item.kind === 'table')
      ranges.set(item.range, ranges.get(item.range) ?? tableRange(item, scope, aliasOf(item, scope)));
    else if (item.kind === 'unsupported-range') unsupported(item.construct);
    else ranges.set(item.range, { kind: 'text', alias: item.alias });
  };
  from.forEach(visit);
  return { ...scope, ranges };
}

/** A table that stands once in the statement goes by its own name, so that Drizzle's columns fit. */
export function aliasOf(item: Extract<FromItem, { kind: 'table' }>, scope: Scope): string | null {
  return scope.repeated.has(item.oid) && item.alias !== item.table ? item.alias : null;
}

export function fromText(item: FromItem, scope: Scope): Fragment {
  switch (item.kind) {
    case 'table': {
      if (scope.form === 'text') return fragment(bind.atom, tableText(item, scope));
      const range = rangeOf(scope, item.range) as Extract<Range, { kind: 'table' }>;
      return fragment(
        bind.atom,
        tableCode(range.table),
        range.alias === null ? '' : ` as ${identifier(range.alias)}`,
      );
    }
    case 'join': {
      const word = item.join === 'inner' ? 'join' : `${item.join} join`;
      const right =
        item.right.kind === 'join'
          ? fragment(bind.atom, '(', fromText(item.right, scope), ')')
          : fromText(item.right, scope);
      const on = item.on === null ? [] : [' on ', within(bind.or, expression(item.on, scope))];
      return fragment(bind.or, fromText(item.left, scope), ` ${word} `, right, ...on);
    }
    case 'subquery':
      return fragment(
        bind.atom,
        item.lateral ? 'lateral ' : '',
        nested(selectText(item.select, scope)),
        ` as ${aliasText(item)}`,
      );
    case 'function': {
      if (item.columnDefinitions !== null) {
        return fragment(
          bind.atom,
          expression(item.call, scope),
          ` as ${identifier(item.alias)}(${item.columnDefinitions})`,
        );
      }
      const lateral = item.lateral ? 'lateral ' : '';
      return fragment(
        bind.atom,
        lateral,
        expression(item.call, scope),
        `${item.ordinality ? ' with ordinality' : ''} as ${aliasText(item)}`,
      );
    }
    case 'common-table':
      return fragment(
        bind.atom,
        identifier(item.name),
        item.alias === item.name ? '' : ` as ${identifier(item.alias)}`,
      );
    case 'unsupported-range':
      return unsupported(item.construct);
  }
}

/** The table's name with its schema where the login's search path finds another, and its alias. */
function tableText(item: Extract<FromItem, { kind: 'table' }>, { catalog }: Scope): string {
  const nearest = catalog.searchPath
    .map((schema) => catalog.relations.find((one) => one.schema === schema && one.name === item.table))
    .find((one) => one !== undefined);
  const name = identifier(item.table);
  const full = nearest?.oid === item.oid ? name : `${identifier(item.schema)}.${name}`;
  return item.alias === item.table ? full : `${full} as ${identifier(item.alias)}`;
}

export function commonTables(common: readonly CommonTable[], recursive: boolean, scope: Scope): Fragment {
  if (common.length === 0) return fragment(bind.or);
  const items = common.map((item) => {
    const columns = item.columnNames.length === 0 ? '' : `(${item.columnNames.map(identifier).join(', ')})`;
    const kept = item.materialized === null ? '' : item.materialized ? 'materialized ' : 'not materialized ';
    const inner =
      item.statement.kind === 'select'
        ? selectText(item.statement, scope)
        : writeText(item.statement, scope, null);
    return fragment(bind.or, `${identifier(item.name)}${columns} as ${kept}`, nested(inner));
  });
  return fragment(bind.or, recursive ? 'with recursive ' : 'with ', joined(bind.or, ',\n', items), '\n');
}

function side(select: Select, scope: Scope, names: readonly string[] | null): Fragment {
  const inner = selectText(select, scope, names);
  const bare =
    select.setOperation === null &&
    select.orderBy.length === 0 &&
    select.limit === null &&
    select.with.length === 0;
  return bare ? inner : nested(inner);
}

function aliasText(item: { readonly alias: string; readonly columnNames: readonly string[] }): string {
  const columns = item.columnNames.length === 0 ? '' : `(${item.columnNames.map(identifier).join(', ')})`;
  return `${identifier(item.alias)}${columns}`;
}
