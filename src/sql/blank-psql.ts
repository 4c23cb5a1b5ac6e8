/**
 * Replaces by blanks what psql reads itself and no server understands. Every other character keeps its
 * place, so that positions and line numbers stay those of the file.
 */

export interface BlankedText {
  readonly text: string;
  readonly removed: readonly { readonly start: number; readonly what: string }[];
}

/** Meta-commands (a backslash outside quotes, to the end of its line) and the rows after COPY … FROM stdin. */
export function blankPsql(text: string): BlankedText {
  const pieces: string[] = [];
  const removed: { start: number; what: string }[] = [];
  let kept = 0;
  let statement = 0;
  let at = 0;
  const blank = (from: number, to: number, what: string, by = ' '): void => {
    removed.push({ start: from, what });
    pieces.push(text.slice(kept, from), text.slice(from, to).replace(/[^\n]/g, ' ').replace(/^ /, by));
    kept = to;
    statement = to;
    at = to;
  };
  while (at < text.length) {
    const quoted = quotedEnd(text, at);
    if (quoted > at) {
      at = quoted;
    } else if (text[at] === '\\') {
      const end = lineEnd(text, at);
      // A semicolon ends what stands before it, as \g does.
      blank(at, end, text.slice(at, end).trim().split(/\s+/)[0] ?? '\\', ';');
    } else if (text[at] === ';') {
      const copied = copyFromStdin.exec(text.slice(firstWord(text, statement), at));
      at += 1;
      statement = at;
      if (copied) {
        const from = Math.min(lineEnd(text, at) + 1, text.length);
        blank(from, rowsEnd(text, from), `rows of COPY ${copied[1] ?? ''}`);
      }
    } else {
      at += 1;
    }
  }
  pieces.push(text.slice(kept));
  return { text: pieces.join(''), removed };
}

const copyFromStdin = /^COPY\s+((?:"[^"]*"|[^\s("])+)[\s\S]*\bFROM\s+STDIN\b/i;

/** Behind the white space and comments that begin at `from`. */
function firstWord(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
    const comment = text.startsWith('--', at) || text.startsWith('/*', at);
    if (!comment) return at;
    at = quotedEnd(text, at);
  }
}

/** The index behind the string, identifier, dollar quote or comment that begins here, or `at` when none does. */
function quotedEnd(text: string, at: number): number {
  const character = text[at];
  if (character === '-' && text[at + 1] === '-') return lineEnd(text, at);
  if (character === '/' && text[at + 1] === '*') return blockEnd(text, at);
  if (character === '"') return closed(text, at, /(?:[^"]|"")*"/y);
  if (character === "'") {
    const escaped = /(?:^|[^\w$])[eE]$/.test(text.slice(Math.max(0, at - 2), at));
    return closed(text, at, escaped ? /(?:[^'\\]|''|\\[\s\S])*'/y : /(?:[^']|'')*'/y);
  }
  if (character === '$' && !/[\w$]/.test(text[at - 1] ?? ' ')) {
    tag.lastIndex = at;
    const found = tag.exec(text)?.[0];
    if (found === undefined) return at;
    const end = text.indexOf(found, at + found.length);
    return end < 0 ? text.length : end + found.length;
  }
  return at;
}

const tag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

function closed(text: string, at: number, rest: RegExp): number {
  rest.lastIndex = at + 1;
  return rest.test(text) ? rest.lastIndex : text.length;
}

/** Block comments nest. */
function blockEnd(text: string, at: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  let depth = 0;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Behind the line that holds nothing but `\.`. */
function rowsEnd(text: string, from: number): number {
  const end = /^\\\.\r?$/m;
  const found = end.exec(text.slice(from));
  return found ? from + found.index + found[0].length : text.length;
}
