/** The arguments of a call, as far as they decide which overload is run. */
import { identifierOf, type TextToken } from './tokens.js';

export interface CallArgument {
  readonly name: string | null;
  /** unknown: a bare parameter, a bare string or NULL, which has no type of its own. */
  readonly type: 'unknown' | 'some';
  /** The argument's text, tokens joined by blanks. */
  readonly text: string;
}

/** `open` is the index of the opening parenthesis. */
export function argumentsAt(tokens: readonly TextToken[], open: number): readonly CallArgument[] {
  const pieces: TextToken[][] = [[]];
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (/^[([]$/.test(token.text)) depth += 1;
    if (/^[)\]]$/.test(token.text)) depth -= 1;
    if (depth === 0) break;
    if (depth === 1 && token.text === ',') pieces.push([]);
    else if (at > open) pieces.at(-1)?.push(token);
  }
  return pieces.length === 1 && pieces[0]?.length === 0 ? [] : pieces.map(readArgument);
}

function readArgument(tokens: readonly TextToken[]): CallArgument {
  const [first, arrow] = tokens;
  const named = first !== undefined && /^(?:=>|:=)$/.test(arrow?.text ?? '');
  const value = named ? tokens.slice(2) : tokens;
  const [only] = value;
  const bare =
    value.length === 1 &&
    only !== undefined &&
    (/^(?:parameter|string)$/.test(only.kind) || only.word === 'null');
  return {
    name: named ? identifierOf(first) : null,
    type: bare ? 'unknown' : 'some',
    text: value.map((one) => one.text).join(' '),
  };
}
