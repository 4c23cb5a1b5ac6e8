/**
 * LIMIT and OFFSET of a builder. Drizzle drops a negative or NaN number without a word and returns every
 * row, so what is not a constant goes through a placeholder, which PostgreSQL judges.
 */
import type { Expression } from '../../3-parse/expression.js';
import type { Code } from '../code.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

export function limitValue(name: 'limit' | 'offset', node: Expression, scope: Scope): Code {
  const constant = constantCount(node, scope);
  if (constant !== null) return { kind: 'number', text: constant };
  const source =
    node.kind === 'parameter' && node.path.length === 0 ? scope.arguments.get(node.position) : undefined;
  if (node.kind !== 'parameter' || source?.kind !== 'expression' || source.casts.length > 0) {
    return unsupported(`${name.toUpperCase()} by an expression in a query builder`);
  }
  const argument: Code = { kind: 'argument', position: node.position };
  const placeholder = unusedName(name, scope);
  scope.placeholders.set(
    placeholder,
    node.type === int8 ? argument : integerArgument(argument, node.type, scope),
  );
  const sql: Code = { kind: 'import', module: 'drizzle-orm', name: 'sql' };
  return {
    kind: 'call',
    callee: { kind: 'member', object: sql, property: 'placeholder' },
    arguments: [{ kind: 'string', value: placeholder }],
  };
}

const int8 = 20;
const int4 = 23;

/** A placeholder is a bigint to PostgreSQL; what an integer argument refused must stay refused. */
function integerArgument(argument: Code, declared: number, scope: Scope): Code {
  if (declared !== int4)
    return unsupported(
      `LIMIT by a ${scope.catalog.types.get(declared)?.sqlName ?? 'value'} in a query builder`,
    );
  return {
    kind: 'call',
    callee: { kind: 'routine', module: 'support', name: 'int4' },
    arguments: [argument],
  };
}

function constantCount(node: Expression, scope: Scope): string | null {
  if (node.kind === 'literal' && node.literal === 'integer' && /^\d+$/.test(node.text)) return node.text;
  if (node.kind !== 'parameter' || node.path.length > 0) return null;
  const source = scope.arguments.get(node.position);
  return source?.kind === 'constant' && source.value.kind === 'number' && /^\d+$/.test(source.value.text)
    ? source.value.text
    : null;
}

function unusedName(name: string, scope: Scope): string {
  let candidate = name;
  for (let index = 2; scope.placeholders.has(candidate); index += 1) candidate = `${name}${index}`;
  return candidate;
}
