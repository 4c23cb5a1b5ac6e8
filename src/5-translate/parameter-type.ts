/** TypeScript types of a generated function's parameters. */
import type { Catalog } from '../1-read/catalog.js';
import type { ArgumentUse } from '../2-find/result-use.js';

/** Numeric and bigint take text too, for a number may not hold them. */
export function parameterType(catalog: Catalog, oid: number): string {
  const type = catalog.types.get(oid);
  if (type === undefined) return 'unknown';
  if (type.kind === 'domain') return parameterType(catalog, type.baseType);
  if (type.kind === 'enum')
    return type.enumLabels.map((label) => `'${label.replace(/['\\]/g, '\\$&')}'`).join(' | ') || 'string';
  if (type.category === 'A' && type.element !== 0) {
    const element = parameterType(catalog, type.element);
    return /[|' ]/.test(element) ? `(${element})[]` : `${element}[]`;
  }
  return byName[type.name] ?? 'string';
}

/**
 * Where positions of arguments that may be NULL are told: the array at this position may hold NULL. No position is
 * below zero itself.
 */
export function elementsAt(position: number): number {
  return -position;
}

/** `integer[]` of which an element may be NULL is `(number | null)[]`. */
export function withNullElements(type: string): string {
  if (!type.endsWith('[]')) return type;
  const element = type.replace(/\[\]$/, '').replace(/^\((.*)\)$/, '$1');
  return element === 'unknown' ? type : `(${element} | null)[]`;
}

/** An array of a type that its text tells to hold null. */
export function holdsNull(type: string): boolean {
  return /\([^()]*\bnull\b[^()]*\)\[\]/.test(type);
}

/** boolean, text and varchar, and arrays of them: whatever TypeScript lets through is taken. */
export function cannotBeRefused(oid: number): boolean {
  return [16, 25, 1043, 1000, 1009, 1015].includes(oid);
}

/** What the checker would say of such a parameter. */
export function parameterUse(type: string, hole: number, mayBeNull: boolean): ArgumentUse {
  const members = type.endsWith('[]')
    ? (['array'] as const)
    : type
        .split(' | ')
        .map((member) =>
          member === 'Date'
            ? 'date'
            : member === 'unknown'
              ? 'any'
              : /^'/.test(member)
                ? 'string'
                : (member as 'string' | 'number' | 'boolean'),
        );
  return { hole, type, mayBeUndefined: false, mayBeNull, members, repeatable: true };
}

const byName: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  oid: 'number',
  float4: 'number',
  float8: 'number',
  int8: 'number | string',
  numeric: 'number | string',
  bool: 'boolean',
  json: 'unknown',
  jsonb: 'unknown',
  timestamptz: 'Date | string',
  bytea: 'Buffer',
};
