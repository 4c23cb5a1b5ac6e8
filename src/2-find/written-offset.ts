/** From a place in the text that a literal stands for to the place in the file where it is written. */
import type { ts } from 'ts-morph';

const unit = /\\(?:u\{([0-9a-fA-F]+)\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[^])|\r\n|[^]/y;

/** `offset` is an index of `source.text`; null when the literal cannot be read so. */
export function writtenOffset(source: ts.LiteralLikeNode, offset: number): number | null {
  const written = source.getText();
  // A piece of a template begins with a backtick or a closing brace, as a string does with its quote.
  let at = 1;
  let length = 0;
  while (length < offset) {
    unit.lastIndex = at;
    const found = unit.exec(written);
    if (found === null) return null;
    at += found[0].length;
    length += lengthOf(found[0], found[1]);
  }
  return length === offset ? source.getStart() + at : null;
}

/** How many characters of the text the written ones stand for. */
function lengthOf(written: string, codePoint: string | undefined): number {
  if (/^\\(?:\r\n|\n|\r|\u2028|\u2029)$/.test(written)) return 0;
  return codePoint !== undefined && Number.parseInt(codePoint, 16) > 0xffff ? 2 : 1;
}
