/**
 * DECLARE sections, read from the tokens of the source: the PL/pgSQL compiler keeps neither their
 * blocks nor, without a catalog, the types.
 */
import type { Token } from '../sql/parse-body-tokens.js';
import { identifierOf } from '../sql/parse-body-tokens.js';

export interface DeclareSection {
  /** Line of the BEGIN that follows. */
  readonly beginLine: number;
  readonly declarations: readonly Declaration[];
}

export interface Declaration {
  readonly name: string;
  readonly line: number;
  /** Text of the type as written; null for a cursor or an alias. */
  readonly typeText: string | null;
  /** UTF-8 byte offsets of the type. */
  readonly start: number;
  readonly end: number;
  readonly notNull: boolean;
  /** Text of the initial value, which the compiler leaves out of rows and records; null: it has none. */
  readonly initial: string | null;
}

/** All DECLARE sections in the order of the source. */
export function readDeclarations(source: string, tokens: readonly Token[]): readonly DeclareSection[] {
  const bytes = Buffer.from(source);
  const sections: DeclareSection[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isWord(tokens[at], 'declare') || !startsStatement(tokens[at - 1])) continue;
    const declarations: Declaration[] = [];
    at += 1;
    while (at < tokens.length && !isWord(tokens[at], 'begin')) {
      if (isWord(tokens[at], 'declare')) {
        at += 1;
        continue;
      }
      const end = endOfDeclaration(tokens, at);
      const declaration = readDeclaration(bytes, tokens.slice(at, end));
      if (declaration) declarations.push(declaration);
      at = end + 1;
    }
    sections.push({ beginLine: tokens[at]?.line ?? 0, declarations });
  }
  return sections;
}

function readDeclaration(bytes: Buffer, tokens: readonly Token[]): Declaration | null {
  const [name, next, third] = tokens;
  if (!name || !next) return null;
  const base = { name: identifierOf(name), line: name.line };
  const cursor =
    isWord(next, 'cursor') || ((isWord(next, 'scroll') || isWord(next, 'no')) && third !== undefined);
  if (isWord(next, 'alias') || cursor)
    return { ...base, typeText: null, start: 0, end: 0, notNull: false, initial: null };
  const type: Token[] = [];
  let depth = 0;
  for (const token of tokens.slice(isWord(next, 'constant') ? 2 : 1)) {
    if (depth === 0 && /^(not|collate|default|:=|=)$/i.test(token.text)) break;
    depth += /^[([]$/.test(token.text) ? 1 : /^[)\]]$/.test(token.text) ? -1 : 0;
    type.push(token);
  }
  const [first, last] = [type[0], type.at(-1)];
  if (!first || !last) return null;
  return {
    ...base,
    typeText: bytes.subarray(first.start, last.end).toString(),
    start: first.start,
    end: last.end,
    ...readValue(bytes, tokens.slice(tokens.indexOf(last) + 1)),
  };
}

/** What follows the type: `COLLATE …`, `NOT NULL`, `:= …`. */
function readValue(bytes: Buffer, tokens: readonly Token[]): Pick<Declaration, 'notNull' | 'initial'> {
  const sign = tokens.findIndex((token) => /^(default|:=|=)$/i.test(token.text));
  const [first, last] = [tokens[sign + 1], tokens.at(-1)];
  const before = sign < 0 ? tokens : tokens.slice(0, sign);
  return {
    notNull: before.some((token) => isWord(token, 'not')),
    initial: sign < 0 || !first || !last ? null : bytes.subarray(first.start, last.end).toString(),
  };
}

function endOfDeclaration(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (depth === 0 && text === ';') return at;
    depth += /^[([]$/.test(text) ? 1 : /^[)\]]$/.test(text) ? -1 : 0;
  }
  return tokens.length;
}

/** DECLARE opens a block only where a statement may start. */
function startsStatement(before: Token | undefined): boolean {
  return (
    before === undefined || /^(;|>>|begin|then|else|loop|error|use_column|use_variable)$/i.test(before.text)
  );
}

function isWord(token: Token | undefined, word: string): boolean {
  return token !== undefined && token.text.toLowerCase() === word;
}
