/** Names in TypeScript for what the database names. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { typeName } from './arguments.js';

/** `lastOf`; `lastOfText` where other calls give the routine other types. */
export function functionName({ name, polymorphic }: Routine, catalog: Catalog): string {
  const own = polymorphic?.named === true ? polymorphic.types : [];
  const words = own.map((oid) => typeName(catalog, oid));
  return camelCase([name, ...words].join('_'));
}

/** `p_agreement_id` to `agreementId`: parameter prefixes go, camelCase comes. */
export function parameterName(name: string | null, position: number): string {
  if (name === null || name === '') return `argument${position}`;
  const bare = /^(?:p|in|_in|arg|param)_+(?=[a-zA-Z])/.exec(name)?.[0] ?? /^_+/.exec(name)?.[0] ?? '';
  return camelCase(name.slice(bare.length));
}

/** Parameter names of one routine; a clash keeps the names as written. */
export function parameterNames(names: readonly (string | null)[]): readonly string[] {
  const short = names.map((name, index) => parameterName(name, index + 1));
  const clashes =
    new Set(short).size < short.length ||
    short.some((name) => reservedWords.has(name) || ['tx', 'db'].includes(name));
  return clashes ? names.map((name, index) => safe(camelCase(name ?? `argument${index + 1}`))) : short;
}

export function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  return safe(/^\d/.test(joined) || joined === '' ? `_${joined}` : joined);
}

function safe(name: string): string {
  return reservedWords.has(name) || name === 'tx' || name === 'db' ? `${name}_` : name;
}

function lowerFirst(word: string): string {
  return /^[A-Z0-9]+$/.test(word) ? word.toLowerCase() : word.slice(0, 1).toLowerCase() + word.slice(1);
}

function upperFirst(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const reservedWords = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);
