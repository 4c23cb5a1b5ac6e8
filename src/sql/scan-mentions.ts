/** Function calls in text that need not parse: every name that an opening parenthesis follows. */
import { foldIdentifier } from './identifier.js';
import { scanSql, type SqlToken } from './scan-sql.js';
import type { FunctionMention } from './statement-reading.js';

/** Names in strings and comments do not count. Text that the lexer refuses gives what a plain search finds. */
export function scanMentions(text: string): readonly FunctionMention[] {
  const tokens = scanSql(text);
  if (tokens === null) return searchMentions(text);
  const mentions: FunctionMention[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || tokens[index + 1]?.text !== '(') return;
    const schema = qualifier(tokens, index);
    mentions.push({
      schema: schema === null ? null : foldIdentifier(schema.text),
      name: foldIdentifier(token.text),
      offset: (schema ?? token).start,
    });
  });
  return mentions;
}

function qualifier(tokens: readonly SqlToken[], index: number): SqlToken | null {
  const before = tokens[index - 2];
  return tokens[index - 1]?.text === '.' && before?.kind === 'name' ? before : null;
}

function searchMentions(text: string): readonly FunctionMention[] {
  return [...text.matchAll(/(?:("[^"]+"|[\w$]+)\s*\.\s*)?("[^"]+"|[a-z_][\w$]*)\s*\(/gi)].map((match) => ({
    schema: match[1] === undefined ? null : foldIdentifier(match[1]),
    name: foldIdentifier(match[2] ?? ''),
    offset: match.index,
  }));
}
