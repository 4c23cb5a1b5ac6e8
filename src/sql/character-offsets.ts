/**
 * libpg-query counts in UTF-8 bytes, JavaScript in UTF-16 code units and error positions in code points.
 * These are the only places where one becomes another.
 */

/** Gives a function from a byte offset of the text's UTF-8 form to an index of the string. */
export function characterOffsets(text: string): (byteOffset: number) => number {
  if (isAscii(text)) return (byteOffset) => byteOffset;
  const indexOfByte = new Map<number, number>();
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    indexOfByte.set(bytes, index);
    bytes += Buffer.byteLength(character);
    index += character.length;
  }
  indexOfByte.set(bytes, index);
  return (byteOffset) => indexOfByte.get(byteOffset) ?? index;
}

/** From the 0-based code point `position` to an index of the string. */
export function indexOfCodePoint(text: string, position: number): number {
  if (isAscii(text)) return position;
  return [...text].slice(0, position).join('').length;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
