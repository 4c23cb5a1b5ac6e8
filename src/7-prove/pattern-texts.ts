/** Texts that a pattern takes: of LIKE, and of the regular expressions that constraints are mostly made of. */

/** `%` stands for `any`, `_` for one letter (manual, 9.7.1). */
export function likeText(pattern: string, any: string): string {
  return pattern.replace(/\\(.)|[%_]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return found === '%' ? any : 'b';
  });
}

/**
 * A text that the advanced regular expression (manual, 9.7.3) takes, another one for another `turn`, or null where
 * it holds what is not known here: back references, look-around, collating elements.
 */
export function regexText(pattern: string, turn: number): string | null {
  const reader: Reader = { pattern, at: 0, turn };
  const text = alternatives(reader);
  return text === null || reader.at < pattern.length ? null : text;
}

interface Reader {
  readonly pattern: string;
  at: number;
  readonly turn: number;
}

function alternatives(reader: Reader): string | null {
  const found = [sequence(reader)];
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1;
    found.push(sequence(reader));
  }
  return found.includes(null) ? null : (found[reader.turn % found.length] ?? null);
}

function sequence(reader: Reader): string | null {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const from = reader.at;
    const first = atom(reader);
    if (first === null) return null;
    const to = reader.at;
    const times = quantifier(reader);
    const after = reader.at;
    for (let count = 0; count < times; count += 1) {
      // Each repetition of a class takes its next character.
      const again: Reader = {
        pattern: reader.pattern.slice(0, to),
        at: from,
        turn: reader.turn + count,
      };
      text += atom(again) ?? '';
    }
    reader.at = after;
  }
  return text;
}

function atom(reader: Reader): string | null {
  const { pattern, turn } = reader;
  const char = pattern[reader.at] ?? '';
  reader.at += 1;
  if (char === '^' || char === '$') return '';
  if (char === '.') return pick('abc', turn);
  if (char === '[') return bracket(reader);
  if (char === '(') return group(reader);
  if (char === '\\') return escape(reader);
  return '*+?{'.includes(char) ? null : char;
}

function group(reader: Reader): string | null {
  const { pattern } = reader;
  if (pattern.startsWith('?:', reader.at)) reader.at += 2;
  else if (pattern[reader.at] === '?') return null;
  const text = alternatives(reader);
  if (pattern[reader.at] !== ')') return null;
  reader.at += 1;
  return text;
}

const escapes: Readonly<Record<string, string>> = { d: '0123456789', w: 'abz09', s: ' ' };

function escape(reader: Reader): string | null {
  const char = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  const known = escapes[char];
  if (known !== undefined) return pick(known, reader.turn);
  if ('yYmMAZ'.includes(char)) return '';
  return /\w/.test(char) ? null : char;
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'abzAZ',
  digit: '0123456789',
  alnum: 'abz09',
  upper: 'ABZ',
  lower: 'abz',
  space: ' ',
  punct: '.-_',
};

function bracket(reader: Reader): string | null {
  const found = /^\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]/.exec(reader.pattern.slice(reader.at))?.[0];
  if (found === undefined) return null;
  reader.at += found.length;
  const inside = found.slice(0, -1);
  const members = [...inside.replace(/^\^/, '').matchAll(/\[:(\w+):\]|\\(.)|(.)-(.)|(.)/gs)].flatMap(
    ([, named, escaped, from, to, single]) => {
      if (named !== undefined) return [...(classes[named] ?? '')];
      if (escaped !== undefined) return [...(escapes[escaped] ?? escaped)];
      return from !== undefined && to !== undefined ? [...range(from, to)] : [single ?? ''];
    },
  );
  const usable = inside.startsWith('^') ? [...'abz09AZ-'].filter((one) => !members.includes(one)) : members;
  return usable.length === 0 ? null : pick(usable.join(''), reader.turn);
}

function range(from: string, to: string): string {
  const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
  const codes = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return String.fromCharCode(...codes.slice(0, 100));
}

/** How often the atom before stands: the least that is allowed, and some more with later turns. */
function quantifier(reader: Reader): number {
  const [found, sign, least, comma, most] =
    /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(reader.pattern.slice(reader.at)) ?? [];
  if (found === undefined) return 1;
  reader.at += found.length;
  if (sign !== undefined) return sign === '?' ? reader.turn % 2 : (reader.turn % 2) + 2;
  const low = Number(least);
  const high = comma === '' ? low : most === '' || most === undefined ? low + 3 : Number(most);
  return low + (reader.turn % (high - low + 1));
}

function pick(characters: string, turn: number): string {
  return characters[turn % characters.length] ?? '';
}
