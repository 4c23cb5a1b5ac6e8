/** Session state that a text sets or asks for, statement by statement. */
import { placesIn, type TextToken } from './tokens.js';

export interface StateUse {
  /** As a sentence says it: `set_config(…, false)`. */
  readonly what: string;
  readonly effect: string;
  readonly line: number;
}

export function stateUses(tokens: readonly TextToken[]): readonly StateUse[] {
  const words = tokens.map(({ word }) => word);
  const found: StateUse[] = [];
  for (const index of placesIn(tokens)) {
    const [word = '', second = '', third = ''] = words.slice(index, index + 3);
    const use = ofStatement(word, second, third) ?? temporary(words, index);
    if (use !== null) found.push({ ...use, line: tokens[index]?.line ?? 1 });
  }
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || words[index + 1] !== '(') return;
    const use = ofCall(words, index);
    if (use !== null) found.push({ ...use, line: token.line });
  });
  return found.sort((a, b) => a.line - b.line);
}

type Effect = Omit<StateUse, 'line'>;

const inherited = 'stays on the server connection, where the next client of the pooler inherits it';

function ofStatement(word: string, second: string, third: string): Effect | null {
  if (word === 'set' && !/^(?:local|constraints|transaction)$/.test(second)) {
    if (/^(?:=|:=)$/.test(third)) return { what: `SET ${second}`, effect: inherited };
    const target = second === 'session' ? third : second;
    return { what: `SET ${target.toUpperCase() === 'ROLE' ? 'ROLE' : target}`, effect: inherited };
  }
  if (/^(?:un)?listen$/.test(word))
    return { what: word.toUpperCase(), effect: 'receives nothing once the connection serves another client' };
  if (word === 'prepare' && second !== 'transaction')
    return { what: 'PREPARE', effect: 'belongs to the server connection: elsewhere 26000, here again 42P05' };
  return null;
}

/** CREATE TEMP … without ON COMMIT DROP, unless a later DROP TABLE of the same text removes it. */
function temporary(words: readonly string[], index: number): Effect | null {
  if (words[index] !== 'create') return null;
  const at = /^(?:local|global)$/.test(words[index + 1] ?? '') ? index + 2 : index + 1;
  const kind = words[at + 1] ?? '';
  if (!/^temp(?:orary)?$/.test(words[at] ?? '') || !/^(?:table|view|sequence)$/.test(kind)) return null;
  const end = words.indexOf(';', at);
  const statement = words.slice(at, end < 0 ? undefined : end);
  if (/\bon commit drop\b/.test(statement.join(' '))) return null;
  const named = statement.slice(2).filter((word) => !/^(?:if|not|exists)$/.test(word));
  const later = end < 0 ? '' : words.slice(end).join(' ');
  if (
    later.includes(`drop ${kind} ${named[0] ?? ''}`) ||
    later.includes(`drop ${kind} if exists ${named[0] ?? ''}`)
  )
    return null;
  const effect =
    'outlives the transaction on the server connection: the next call there fails (42P07) or reads its rows';
  return { what: `CREATE TEMP ${kind.toUpperCase()} without ON COMMIT DROP`, effect };
}

function ofCall(words: readonly string[], index: number): Effect | null {
  const name = words[index] ?? '';
  if (name === 'set_config' && /^(?:false|'f'|'false')$/.test(lastArgument(words, index + 1)))
    return { what: 'set_config(…, false)', effect: inherited };
  if (
    /^pg_(?:try_)?advisory_lock(?:_shared)?$/.test(name) &&
    !words.some((word) => /^pg_advisory_unlock/.test(word))
  )
    return {
      what: name,
      effect:
        'is held by the server connection: two clients can hold it at once, and it stays when they are gone',
    };
  if (
    /^pg_advisory_unlock(?:_shared|_all)?$/.test(name) &&
    !words.some((word) => /^pg_(?:try_)?advisory_lock/.test(word))
  )
    return { what: name, effect: 'runs on another server connection than the lock, which stays' };
  if (/^(?:currval|lastval)$/.test(name) && !words.some((word) => /^(?:nextval|insert)$/.test(word)))
    return {
      what: name,
      effect: "gives the value of the server connection's own session: another client's, or 55000",
    };
  return null;
}

function lastArgument(words: readonly string[], open: number): string {
  let depth = 0;
  let last = '';
  for (let at = open; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (depth === 0) break;
    last = word;
  }
  return last;
}
