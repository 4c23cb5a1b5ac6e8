/** Texts of PostgreSQL values as the TypeScript values that a site may pass. */
import type { Catalog } from '../1-read/catalog.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import { encodeArguments } from './case-values.js';
import { baseType } from './sample-values.js';

interface TypedShape {
  readonly shape: { readonly members: ArgumentUse['members']; readonly tested?: boolean };
  readonly type: number;
}

/** A text as the TypeScript value that the site could pass, in tagged JSON. */
export function siteValue(
  { shape: { members, tested = false }, type }: TypedShape,
  catalog: Catalog,
  text: string,
): unknown {
  const base = baseType(catalog, type);
  const allows = (member: (typeof members)[number]): boolean =>
    members.includes(member) || members.length === 0 || members.includes('any');
  const only = (member: (typeof members)[number]): boolean => members.includes(member);
  if (base?.category === 'A' && allows('array') && text.startsWith('{'))
    return arrayItems(text, catalog, base.element);
  if (base?.category === 'B' && allows('boolean')) return text === 'true' || text === 't';
  if (base?.category === 'D' && only('date') && isMoment(text))
    return encodeArguments(new Date(/[+]|\d-\d\d-\d\d$/.test(text) ? text : `${text}Z`));
  if (base?.name === 'json' || base?.name === 'jsonb')
    return only('string') && !only('object') ? text : fitted(parsed(text), members);
  const whole = base !== null && ['int2', 'int4', 'oid'].includes(base.name);
  if (only('bigint') && /^-?\d+$/.test(text)) return encodeArguments(BigInt(text));
  if (tested && /^(?:NaN|-?Infinity)$/.test(text)) return encodeArguments(Number(text));
  if (
    base?.category === 'N' &&
    text !== '' &&
    !Number.isNaN(Number(text)) &&
    (only('number') || (whole && allows('number'))) &&
    !only('string')
  )
    return Number(text);
  return text;
}

/** What is no number reaches a routine only where the site's type admits text, and NULL an array of what may be. */
export function admits(
  { members, itemsNotNull }: TypedShape['shape'] & { readonly itemsNotNull?: true },
  text: string,
): boolean {
  if (itemsNotNull === true && /^\{.*\bNULL\b.*\}$/.test(text)) return false;
  return text !== 'no number' || members.includes('string');
}

/** A site whose type is an object passes neither arrays nor what is no document. */
function fitted(value: unknown, members: ArgumentUse['members']): unknown {
  if (members.length === 0 || members.some((member) => member !== 'object')) return value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A literal that meets a json argument need not be JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function arrayItems(text: string, catalog: Catalog, element: number): unknown[] {
  const inner = text.slice(1, -1);
  if (inner === '') return [];
  const numeric = ['int2', 'int4', 'oid'].includes(baseType(catalog, element)?.name ?? '');
  return [...inner.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map((match) => {
    if (match[1] !== undefined) return match[1].replace(/\\(.)/g, '$1');
    if (match[2] === 'NULL') return null;
    return numeric ? Number(match[2]) : match[2];
  });
}

/** A date, with or without a time; `time` is of the same category. */
export const isMoment = (text: string | null): boolean => /^\d{4}-/.test(text ?? '');
