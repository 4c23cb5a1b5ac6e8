/** Filters that a request writes as text: `status.eq.open,total.gt.5` (PostgREST documentation, "Logical operators"). */
import { plainOperators, type RequestFilter, type RequestValue } from './request-query.js';

interface Reader {
  readonly text: string;
  at: number;
}

/** The conditions of a list, or null where the text is not read. */
export function readFilterList(text: string): readonly RequestFilter[] | null {
  const reader: Reader = { text: `${text})`, at: 0 };
  const list = readList(reader);
  return reader.at === reader.text.length ? list : null;
}

/** The condition `column.operator.value`; `in` takes `(a,b)`. */
export function readFilter(column: string, operator: string, text: string): RequestFilter | null {
  const negated = operator.startsWith('not.');
  const name = negated ? operator.slice('not.'.length) : operator;
  const value = valueOf(name, text);
  const known = name === 'is' || name === 'in' ? name : plainOperators[name];
  if (value === null || known === undefined || column.includes('->')) return null;
  return { kind: 'test', column, operator: known, value, negated };
}

/** `(1,"a,b")`, with backslashes inside the quotes. */
export function readTextList(text: string): readonly string[] | null {
  const inside = /^\(([\s\S]*)\)$/.exec(text)?.[1];
  if (inside === undefined) return null;
  if (inside === '') return [];
  const items = inside.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  return items.map((item) => (/^".*"$/s.test(item) ? item.slice(1, -1).replace(/\\([\s\S])/g, '$1') : item));
}

function valueOf(operator: string, text: string): RequestValue | null {
  if (operator === 'in') {
    const texts = readTextList(text);
    return texts === null ? null : { kind: 'texts', texts };
  }
  if (operator === 'is') {
    return /^(?:null|true|false|unknown)$/i.test(text) ? { kind: 'text', text: text.toLowerCase() } : null;
  }
  return { kind: 'text', text: pattern(operator, text) };
}

/** `*` stands for `%`, which a URL would have to encode. */
export function pattern(operator: string, text: string): string {
  return operator === 'like' || operator === 'ilike' ? text.replaceAll('*', '%') : text;
}

function readList(reader: Reader): readonly RequestFilter[] | null {
  const found: RequestFilter[] = [];
  for (;;) {
    const one = readOne(reader);
    if (one === null) return null;
    found.push(one);
    const next = reader.text[reader.at];
    reader.at += 1;
    if (next === ')') return found;
    if (next !== ',') return null;
  }
}

function readOne(reader: Reader): RequestFilter | null {
  const rest = reader.text.slice(reader.at);
  const group = /^(not\.)?(and|or)\(/.exec(rest);
  if (group !== null) {
    reader.at += group[0].length;
    const filters = readList(reader);
    const kind = group[2] === 'and' ? 'and' : 'or';
    return filters === null ? null : { kind, filters, negated: group[1] !== undefined };
  }
  const head = /^([A-Za-z_][\w$]*)\.((?:not\.)?[a-z]+)\./.exec(rest);
  const [whole = '', column = '', operator = ''] = head ?? [];
  const value = /^(?:"(?:[^"\\]|\\[\s\S])*"|\([^)]*\)|[^,()"]*)/.exec(rest.slice(whole.length))?.[0] ?? '';
  if (head === null) return null;
  reader.at += whole.length + value.length;
  const bare = value.startsWith('"') ? value.slice(1, -1).replace(/\\([\s\S])/g, '$1') : value;
  return readFilter(column, operator, bare);
}
