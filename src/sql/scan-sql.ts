/** SQL text to tokens, by PostgreSQL's own lexer; comments are left out. */
import { scanSync } from 'libpg-query';
import { characterOffsets } from './character-offsets.js';

export interface SqlToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** name: an identifier or a keyword that may be one · parameter: `$1` · string: a constant · other. */
  readonly kind: 'name' | 'parameter' | 'string' | 'other';
}

/** Offsets are indexes of the string. Null when the lexer refuses the text (an open quote, say). */
export function scanSql(text: string): readonly SqlToken[] | null {
  if (text.trim() === '' || text.includes('\0')) return [];
  try {
    const toCharacter = characterOffsets(text);
    const tokens: SqlToken[] = [];
    for (const { start, end, tokenName, keywordName } of scanSync(text).tokens) {
      const span = { start: toCharacter(start), end: toCharacter(end) };
      const content = text.slice(span.start, span.end);
      if (content.startsWith('--') || content.startsWith('/*')) continue;
      tokens.push({ ...span, text: content, kind: kindOf(content, tokenName, keywordName) });
    }
    return tokens;
  } catch {
    return null;
  }
}

function kindOf(content: string, tokenName: string, keywordName: string): SqlToken['kind'] {
  if (tokenName === 'PARAM') return 'parameter';
  if (tokenName === 'IDENT' || tokenName === 'UIDENT') return 'name';
  if (/^[bexn]?'|^u&'|^\$/i.test(content)) return 'string';
  return keywordName !== 'NO_KEYWORD' && keywordName !== 'RESERVED_KEYWORD' ? 'name' : 'other';
}
