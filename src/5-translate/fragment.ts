/** Pieces of SQL with code in them, joined with the parentheses that PostgreSQL's precedence asks for. */
import type { Code } from './code.js';

export interface Fragment {
  readonly parts: readonly (string | Code)[];
  /** How tightly its outermost operator binds; see `bind`. */
  readonly strength: number;
}

/** Operator precedence, tightest first (PostgreSQL manual, 4.1.6). */
export const bind = {
  atom: 20,
  cast: 18,
  subscript: 17,
  sign: 16,
  collate: 15,
  zone: 14,
  power: 13,
  product: 12,
  sum: 11,
  other: 10,
  range: 9,
  comparison: 8,
  is: 7,
  not: 6,
  and: 5,
  or: 4,
} as const;

/** A template: `sql_` with text and fragments or code between. */
export function fragment(strength: number, ...parts: readonly (string | Code | Fragment)[]): Fragment {
  const flat: (string | Code)[] = [];
  for (const part of parts) {
    if (typeof part === 'string') append(flat, part);
    else if ('parts' in part && 'strength' in part) for (const inner of part.parts) append(flat, inner);
    else append(flat, part);
  }
  return { parts: flat, strength };
}

/** The fragment, in parentheses when it binds less tightly than `least`. */
export function within(least: number, inner: Fragment): Fragment {
  return inner.strength >= least ? inner : fragment(bind.atom, '(', inner, ')');
}

export function joined(strength: number, separator: string, items: readonly Fragment[]): Fragment {
  return fragment(strength, ...items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])));
}

/**
 * The fragment as one `sql` template with a type argument, or none. Clauses are parted by line breaks, which
 * a short text does without.
 */
export function template(inner: Fragment, type: string | null = null): Code {
  const length = inner.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 20), 0);
  if (length > 90) return { kind: 'sql', type, parts: indented(inner.parts) };
  return {
    kind: 'sql',
    type,
    parts: inner.parts.map((part) => (typeof part === 'string' ? oneLine(part) : part)),
  };
}

/**
 * Several clauses stand on lines of their own, one step further in than the template; placing it adds the
 * indentation of its line. A text with a line break in quotes stays as it is, for those are part of a value.
 */
function indented(parts: readonly (string | Code)[]): readonly (string | Code)[] {
  const texts = parts.filter((part) => typeof part === 'string');
  if (!texts.some((text) => text.includes('\n')) || texts.some((text) => oneLine(text).includes('\n')))
    return parts;
  const deeper = parts.map((part) => (typeof part === 'string' ? part.replaceAll('\n', '\n  ') : part));
  return fragment(bind.or, '\n  ', ...deeper, '\n').parts;
}

/** A statement in parentheses: a short one on one line, the clauses of a longer one a step further in. */
export function nested(inner: Fragment): Fragment {
  const length = inner.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 20), 0);
  const texts = inner.parts.map((part) => (typeof part === 'string' ? oneLine(part) : part));
  if (length <= 80) return fragment(bind.atom, '(', ...texts, ')');
  const broken = texts.some((part) => typeof part === 'string' && part.includes('\n'));
  const deeper = inner.parts.map((part) => (typeof part === 'string' ? part.replaceAll('\n', '\n  ') : part));
  return broken ? fragment(bind.atom, '(', inner, ')') : fragment(bind.atom, '(\n  ', ...deeper, '\n)');
}

/** Line breaks outside quotes become spaces. */
function oneLine(text: string): string {
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\n/g, (match) => (match === '\n' ? ' ' : match));
}

function append(parts: (string | Code)[], part: string | Code): void {
  const last = parts[parts.length - 1];
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else if (part !== '') parts.push(part);
}
