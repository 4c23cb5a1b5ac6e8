/**
 * Calls and value functions in SQL or PL/pgSQL text, found by tokens: for routines that a body calls,
 * and for the parts of a body that stay text. It finds too much rather than too little.
 */
import { identifierOf, scanTokens } from '../sql/parse-body-tokens.js';
import type { NamedFunction } from './called-functions.js';

export interface TextFacts {
  readonly calls: readonly NamedFunction[];
  readonly valueFunctions: readonly string[];
  /** COMMIT and ROLLBACK at the beginning of a statement. */
  readonly endings: readonly string[];
}

export function textFacts(text: string): TextFacts {
  const tokens = scanTokens(text) ?? [];
  const calls: NamedFunction[] = [];
  const valueFunctions: string[] = [];
  const endings: string[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'identifier' && token.kind !== 'keyword') return;
    const before = tokens[index - 1]?.text.toLowerCase();
    if (/^(commit|rollback)$/i.test(token.text) && /^(;|begin|then|else|loop)$/.test(before ?? ';'))
      endings.push(token.text.toUpperCase());
    if (
      before !== '.' &&
      before !== 'as' &&
      /^(current_user|session_user|user|current_role|system_user|current_schema)$/i.test(token.text)
    )
      valueFunctions.push(token.text.toLowerCase());
    if (tokens[index + 1]?.text !== '(') return;
    const qualifier = tokens[index - 1]?.text === '.' ? tokens[index - 2] : undefined;
    calls.push({
      schema: qualifier ? identifierOf(qualifier) : null,
      name: identifierOf(token),
      local: lastArgument(tokens.slice(index + 2).map((each) => each.text)) === 'true',
    });
  });
  return { calls, valueFunctions, endings };
}

function lastArgument(texts: readonly string[]): string {
  let depth = 0;
  let last = '';
  for (const text of texts) {
    if (text === ')' && depth === 0) break;
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    last = text.toLowerCase();
  }
  return last;
}
