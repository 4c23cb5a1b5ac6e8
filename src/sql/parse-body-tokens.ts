/** Tokens of SQL or PL/pgSQL text, by PostgreSQL's own scanner, comments left out. */
import { scanSync } from 'libpg-query';

export interface Token {
  /** UTF-8 byte offsets. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: 'identifier' | 'keyword' | 'string' | 'other';
  /** 1-based. */
  readonly line: number;
}

/** Gives null when the text does not scan (an unterminated string or comment). */
export function scanTokens(text: string): readonly Token[] | null {
  const bytes = Buffer.from(text);
  let line = 1;
  let seen = 0;
  try {
    // The scanner's binding does not escape control characters in its answer.

    return scanSync(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' '))
      .tokens.filter((token) => !/COMMENT/.test(token.tokenName))
      .map((token) => {
        for (; seen < token.start; seen += 1) if (bytes[seen] === 10) line += 1;
        return {
          start: token.start,
          end: token.end,
          text: bytes.subarray(token.start, token.end).toString(),
          kind: kindOf(token),
          line,
        };
      });
  } catch {
    return null;
  }
}

/** The name that an identifier or keyword token stands for: folded, or unquoted. */
export function identifierOf(token: Token): string {
  return token.text.startsWith('"')
    ? token.text.slice(1, -1).replaceAll('""', '"')
    : token.text.toLowerCase();
}

function kindOf(token: { tokenName: string; keywordName: string; text: string }): Token['kind'] {
  if (/^[UX]?IDENT$/.test(token.tokenName)) return 'identifier';
  if (token.keywordName !== 'NO_KEYWORD') return 'keyword';
  return /CONST$/.test(token.tokenName) && /['$]/.test(token.text) ? 'string' : 'other';
}
