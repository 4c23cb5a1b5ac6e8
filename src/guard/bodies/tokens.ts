/** Tokens of SQL or PL/pgSQL text with their lines, and the places where a statement begins. */
import { foldIdentifier } from '../../sql/identifier.js';
import { scanSql, type SqlToken } from '../../sql/scan-sql.js';

export interface TextToken extends SqlToken {
  /** In lower case, for keywords. */
  readonly word: string;
  /** 1-based. */
  readonly line: number;
}

/** `line` is that of the text's first line. Text that does not scan has no tokens. */
export function tokensOf(text: string, line: number): readonly TextToken[] {
  let at = line;
  let seen = 0;
  return (scanSql(text) ?? []).map((token) => {
    for (; seen < token.start; seen += 1) if (text.charCodeAt(seen) === 10) at += 1;
    return { ...token, word: token.text.toLowerCase(), line: at };
  });
}

const opens = /^(?:;|begin|then|else|loop|atomic|>>)$/;

/** Indexes of tokens that begin a statement: the first one, and those after `;`, BEGIN, THEN, ELSE, LOOP. */
export function placesIn(tokens: readonly TextToken[]): readonly number[] {
  return tokens.flatMap((_, index) =>
    index === 0 || opens.test(tokens[index - 1]?.word ?? '') ? [index] : [],
  );
}

export function identifierOf(token: SqlToken): string {
  return foldIdentifier(token.text);
}
