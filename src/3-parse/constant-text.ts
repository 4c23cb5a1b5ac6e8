/** The text that an expression of string constants gives: literals, `||`, format() and quote_ident() of constants. */
import type { Token } from '../sql/parse-body-tokens.js';
import { scanTokens } from '../sql/parse-body-tokens.js';
import { quoteIdentifier } from '../sql/identifier.js';

/** Null: something in it is not constant, or not read here. */
export function constantText(expression: string): string | null {
  const reader = { tokens: scanTokens(expression) ?? [], at: 0 };
  const text = joined(reader);
  return reader.at === reader.tokens.length ? text : null;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

function joined(reader: Reader): string | null {
  let text = term(reader);
  while (text !== null && accept(reader, '||')) {
    const next = term(reader);
    text = next === null ? null : text + next;
  }
  return text;
}

function term(reader: Reader): string | null {
  if (accept(reader, '(')) {
    const inner = joined(reader);
    return accept(reader, ')') ? inner : null;
  }
  const token = reader.tokens[reader.at];
  if (token === undefined) return null;
  reader.at += 1;
  if (token.kind === 'string') return literalText(token.text);
  const name = token.text.toLowerCase();
  if ((name !== 'format' && name !== 'quote_ident') || !accept(reader, '(')) return null;
  const items: string[] = [];
  do {
    const item = joined(reader);
    if (item === null) return null;
    items.push(item);
  } while (accept(reader, ','));
  const [first, ...rest] = items;
  if (!accept(reader, ')') || first === undefined) return null;
  if (name === 'quote_ident') return rest.length === 0 ? quoteIdentifier(first) : null;
  return formatted(first, rest);
}

function accept(reader: Reader, text: string): boolean {
  if (reader.tokens[reader.at]?.text !== text) return false;
  reader.at += 1;
  return true;
}

/** `'…'` and `$tag$…$tag$`; an escape string is not read. */
function literalText(token: string): string | null {
  const dollar = /^(\$[^$]*\$)([^]*)\1$/.exec(token);
  if (dollar) return dollar[2] ?? '';
  return /^'[^]*'$/.test(token) ? token.slice(1, -1).replaceAll("''", "'") : null;
}

/** format() of strings (PostgreSQL manual, 9.4.1), without widths. */
function formatted(pattern: string, values: readonly string[]): string | null {
  let next = 0;
  let known = true;
  const text = pattern.replace(
    /%(?:(%)|(?:(\d+)\$)?([sIL])|)/g,
    (_, percent?: string, place?: string, kind?: string) => {
      if (percent !== undefined) return '%';
      const index = place === undefined ? next : Number(place) - 1;
      next = index + 1;
      const value = values[index];
      if (kind === undefined || value === undefined) known = false;
      if (value === undefined) return '';
      if (kind === 'I') return quoteIdentifier(value);
      return kind === 'L' ? `'${value.replaceAll("'", "''")}'` : value;
    },
  );
  return known ? text : null;
}
