/** Built-in and extension functions, aggregates, window functions, and the user's routines that a body calls. */
import type { FunctionCall, SortKey, Window } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import { bind, fragment, joined, within, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import type { Scope } from '../scope.js';
import { unsupported, Untranslatable } from '../untranslatable.js';
import { orderKey } from '../statements/output-position.js';
import { expression } from './expression.js';

export function call(node: FunctionCall, scope: Scope): Fragment {
  const named = schemaOf(node, scope);
  const schema = named === null || named === 'pg_catalog' ? '' : `${identifier(named)}.`;
  const items = node.arguments.map(({ name, value }, index) => {
    const variadic = node.variadic && index === node.arguments.length - 1 ? 'variadic ' : '';
    return fragment(
      bind.atom,
      variadic,
      name === null ? '' : `${identifier(name)} => `,
      expression(value, scope),
    );
  });
  const [text, part] = items;
  if (node.name === 'position' && schema === '' && text !== undefined && part !== undefined)
    return fragment(bind.atom, 'position(', within(bind.other, part), ' in ', within(bind.other, text), ')');
  const inside = node.star ? fragment(bind.atom, '*') : joined(bind.atom, ', ', items);
  const order = node.orderBy.length === 0 ? [] : [' order by ', sortKeys(node.orderBy, scope)];
  const ordered = node.withinGroup ? [') within group (order by ', sortKeys(node.orderBy, scope)] : order;
  const filter = node.filter === null ? [] : [' filter (where ', expression(node.filter, scope), ')'];
  const over = node.over === null ? [] : [' over ', windowOf(node.over, scope)];
  const head = `${schema}${functionName(node.name)}(${node.distinct ? 'distinct ' : ''}`;
  return fragment(bind.atom, head, inside, ...ordered, ')', ...filter, ...over);
}

/** The body may have found a user's routine on a search path of its own, so that its schema is always written. */
function schemaOf(node: FunctionCall, scope: Scope): string | null {
  if (node.routine === null) return node.schema;
  const routine = scope.catalog.routines.find((candidate) => candidate.oid === node.routine);
  if (routine === undefined) return unsupported(`a call of ${node.name}, which the catalog does not show`);
  if (routine.oid === scope.routine.oid)
    throw new Untranslatable(
      'recursive',
      `${routine.schema}.${routine.name}() inside a larger expression or query`,
    );
  if (routine.identity !== undefined) {
    const keys = routine.identity.sources.map(({ key }) => key).join(', ');
    throw new Untranslatable(
      'identity',
      `${keys} through ${routine.name}(), whose call stays in the database`,
    );
  }
  scope.staying?.add(`${routine.schema}.${routine.name}`);
  return routine.schema;
}

/** Words of the grammar that are functions without quotes all the same. */
function functionName(name: string): string {
  return ['left', 'right', 'substring'].includes(name) ? name : identifier(name);
}

/** `select`: the statement whose output columns a key may be one of; none for an aggregate or a window. */
export function sortKeys(keys: readonly SortKey[], scope: Scope, select: Select | null = null): Fragment {
  const outputs = select?.targets.map((target) => target.expression) ?? [];
  const items = keys.map((key) => {
    const nulls = key.explicitNulls ? ` nulls ${key.nulls}` : '';
    return fragment(
      bind.or,
      select === null ? expression(key.expression, scope) : orderKey(key.expression, select, outputs, scope),
      key.direction === 'desc' ? ' desc' : '',
      nulls,
    );
  });
  return joined(bind.or, ', ', items);
}

export function windowOf(window: Window, scope: Scope): Fragment {
  if (
    window.name !== null &&
    window.partitionBy.length === 0 &&
    window.orderBy.length === 0 &&
    window.frame === null
  ) {
    return fragment(bind.atom, identifier(window.name));
  }
  const parts: (string | Fragment)[] = [];
  const add = (...more: (string | Fragment)[]): void =>
    void parts.push(...(parts.length === 0 ? more : [' ', ...more]));
  if (window.name !== null) add(identifier(window.name));
  if (window.partitionBy.length > 0) {
    add(
      'partition by ',
      joined(
        bind.atom,
        ', ',
        window.partitionBy.map((item) => expression(item, scope)),
      ),
    );
  }
  if (window.orderBy.length > 0) add('order by ', sortKeys(window.orderBy, scope));
  if (window.frame !== null) add(window.frame);
  return fragment(bind.atom, '(', ...parts, ')');
}
