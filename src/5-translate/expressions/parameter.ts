/**
 * One occurrence of an input argument. A cast to the declared type is written unless PostgreSQL gives an
 * untyped parameter exactly that type at this place: without it `date - $1` or a bigint compared with an
 * int4 column would take another type, and with it another value or error.
 */
import type { ParameterReference, VariableReference } from '../../3-parse/expression.js';
import { constantSql, typeName, type ArgumentExpression, type ArgumentSource } from '../arguments.js';
import type { Code } from '../code.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

export function parameter(node: ParameterReference, scope: Scope): Fragment {
  const source = scope.arguments.get(node.position);
  if (source === undefined) return unsupported(`argument ${node.position} without a value`);
  if (node.path.length > 0) return compositeField(node, source, scope);
  if (source.kind === 'sql' && source.typed) return fragment(bind.atom, ...source.parts);
  if (source.kind === 'sql') {
    const type = `::${typeName(scope.catalog, node.type)}`;
    return isOneCall(source.parts)
      ? fragment(bind.cast, ...source.parts, type)
      : fragment(bind.cast, '(', ...source.parts, `)${type}`);
  }
  if (source.kind === 'constant') {
    const text = constantSql(source.value);
    const cast = constantNeedsCast(node, source.value.kind) ? `::${typeName(scope.catalog, node.type)}` : '';
    return fragment(
      cast === '' ? bind.atom : bind.cast,
      text.startsWith('-') && cast !== '' ? `(${text})` : text,
      cast,
    );
  }
  const value = parameterCode(source);
  if (source.casts.length > 0) {
    const casts = [...source.casts, ...(takesDeclaredType(node) ? [] : [typeName(scope.catalog, node.type)])];
    return fragment(bind.cast, value, ...casts.map((cast) => `::${cast}`));
  }
  if (takesDeclaredType(node)) return fragment(bind.atom, value);
  return fragment(bind.cast, value, `::${typeName(scope.catalog, node.type)}`);
}

/** `($1::public.users).username`: only a value of a known type has fields. */
function compositeField(node: ParameterReference, source: ArgumentSource, scope: Scope): Fragment {
  const whole = parameter({ ...node, path: [], type: source.declared, inferred: null }, scope);
  return fragment(bind.atom, '(', whole, ')', ...node.path.map((field) => `.${identifier(field)}`));
}

/** `lower(trim($1))`: one call from its name to its last bracket. Quotes are left to the brackets round it. */
function isOneCall(parts: readonly (string | Code)[]): boolean {
  const text = parts
    .map((part) => (typeof part === 'string' ? part : '?'))
    .join('')
    .trim();
  if (!/^[a-z_]\w*\(.*\)$/i.test(text) || /['"]/.test(text)) return false;
  const depths = [...text].reduce<number[]>((found, char) => {
    const depth = found.at(-1) ?? 0;
    return [...found, char === '(' ? depth + 1 : char === ')' ? depth - 1 : depth];
  }, []);
  return depths.indexOf(0, text.indexOf('(')) === text.length - 1;
}

/** What stands in `${…}`: arrays in `sql.param`, for a bare one expands to a list. */
export function parameterCode(source: ArgumentExpression): Code {
  const argument: Code = { kind: 'argument', position: source.position };
  if (source.use?.members.includes('array') !== true) return argument;
  const param: Code = {
    kind: 'member',
    object: { kind: 'import', module: 'drizzle-orm', name: 'sql' },
    property: 'param',
  };
  return { kind: 'call', callee: param, arguments: [argument] };
}

/** text and varchar are one type to a parameter: both are sent and stored as they are. */
export function takesDeclaredType(node: ParameterReference | VariableReference): boolean {
  const texts = [25, 1043];
  return (
    (node.inferred !== null && node.inferred === node.type) ||
    (node.inferred !== null &&
      node.type !== null &&
      texts.includes(node.inferred) &&
      texts.includes(node.type))
  );
}

export function variable(node: VariableReference, scope: Scope): Fragment {
  return scope.variable(node) ?? unsupported(unreadable(node, scope));
}

/** A quoted constant adapts like a parameter; a bare number or boolean already has a type of its own. */
function constantNeedsCast(
  node: ParameterReference,
  kind: 'string' | 'number' | 'boolean' | 'null',
): boolean {
  if (kind === 'boolean') return node.type !== 16;
  if (kind === 'number') return node.type !== 23;
  return !takesDeclaredType(node);
}

function unreadable({ name, path, type }: VariableReference, { catalog }: Scope): string {
  const kind = type === null ? undefined : catalog.types.get(type)?.kind;
  if (path.length === 0 && (type === null || kind === 'composite')) return `the whole row ${name} as a value`;
  return `${[name, ...path].join('.')}, whose value is not known here`;
}
