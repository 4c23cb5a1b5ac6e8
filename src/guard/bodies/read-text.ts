/**
 * What SQL or PL/pgSQL text does to a database: calls, relations, session state, transaction control. By tokens, so
 * that a body with a construct of its own is read too; literals that EXECUTE runs are read like the text around them.
 */
import { argumentsAt, type CallArgument } from './call-arguments.js';
import { relationUses, type RelationUse } from './relation-uses.js';
import { stateUses, type StateUse } from './state-uses.js';
import { identifierOf, placesIn, tokensOf, type TextToken } from './tokens.js';

export interface TextReading {
  readonly calls: readonly CallUse[];
  readonly relations: readonly RelationUse[];
  readonly states: readonly StateUse[];
  /** `current_user` and its like. */
  readonly identities: readonly { readonly name: string; readonly line: number }[];
  /** Lines of FOR UPDATE, FOR SHARE and their like. */
  readonly locks: readonly number[];
  /** COMMIT and ROLLBACK as statements. */
  readonly commits: readonly { readonly word: string; readonly line: number }[];
}

export interface CallUse {
  readonly schema: string | null;
  readonly name: string;
  readonly arguments: readonly CallArgument[];
  /** Called by CALL. */
  readonly procedure: boolean;
  /** 1-based, in the text. */
  readonly line: number;
  /** Index of the name in the text. */
  readonly offset: number;
}

export const emptyReading: TextReading = {
  calls: [],
  relations: [],
  states: [],
  identities: [],
  locks: [],
  commits: [],
};

/** `line` is that of the text's first line. Text that does not scan gives nothing. */
export function readText(text: string, line = 1): TextReading {
  const tokens = tokensOf(text, line);
  const inner = executedTexts(tokens).map((one) => readText(one.text, one.line));
  const own: TextReading = {
    calls: callsOf(tokens),
    relations: relationUses(tokens),
    states: stateUses(tokens),
    identities: identitiesOf(tokens),
    locks: locksOf(tokens),
    commits: commitsOf(tokens),
  };
  return [own, ...inner].reduce((all, one) => ({
    calls: [...all.calls, ...one.calls],
    relations: [...all.relations, ...one.relations],
    states: [...all.states, ...one.states],
    identities: [...all.identities, ...one.identities],
    locks: [...all.locks, ...one.locks],
    commits: [...all.commits, ...one.commits],
  }));
}

/** After these words a parenthesis opens a list of columns. */
const notCalled = /^(?:into|table|update|as|with|recursive|references|on|using|view|index|type|::|cast)$/;

function callsOf(tokens: readonly TextToken[]): readonly CallUse[] {
  return tokens.flatMap((token, index): CallUse[] => {
    if (token.kind !== 'name' || tokens[index + 1]?.text !== '(') return [];
    const qualified = tokens[index - 1]?.text === '.' && tokens[index - 2]?.kind === 'name';
    const first = qualified ? index - 2 : index;
    const before = tokens[first - 1]?.word ?? '';
    if (notCalled.test(before)) return [];
    const schema = qualified ? tokens[index - 2] : undefined;
    return [
      {
        schema: schema === undefined ? null : identifierOf(schema),
        name: identifierOf(token),
        arguments: argumentsAt(tokens, index + 1),
        procedure: before === 'call',
        line: token.line,
        offset: tokens[first]?.start ?? token.start,
      },
    ];
  });
}

const identity = /^(?:current_user|session_user|current_role|user|system_user)$/;

function identitiesOf(tokens: readonly TextToken[]): TextReading['identities'] {
  return tokens.flatMap((token, index) => {
    const reserved = token.kind === 'other' && identity.test(token.word);
    const named = /^(?:\.|as)$/.test(tokens[index - 1]?.word ?? '') || tokens[index + 1]?.text === '.';
    return reserved && !named ? [{ name: token.word, line: token.line }] : [];
  });
}

function locksOf(tokens: readonly TextToken[]): readonly number[] {
  return tokens.flatMap(({ word, line }, index) => {
    const after = tokens.slice(index + 1, index + 4).map((one) => one.word);
    return word === 'for' && /^(?:update|share|no key update|key share)\b/.test(after.join(' '))
      ? [line]
      : [];
  });
}

function commitsOf(tokens: readonly TextToken[]): TextReading['commits'] {
  return placesIn(tokens).flatMap((index) => {
    const token = tokens[index];
    const [next = '', second = ''] = [tokens[index + 1]?.word, tokens[index + 2]?.word];
    const ends = next === ';' || next === '' || (next === 'and' && /^(?:chain|no)$/.test(second));
    return token !== undefined && /^(?:commit|rollback)$/.test(token.word) && ends
      ? [{ word: token.word.toUpperCase(), line: token.line }]
      : [];
  });
}

/** The literals after EXECUTE, and the one that its `format(…)` begins with. */
function executedTexts(
  tokens: readonly TextToken[],
): readonly { readonly text: string; readonly line: number }[] {
  return tokens.flatMap((token, index) => {
    if (token.word !== 'execute') return [];
    let at = index + 1;
    while (tokens[at]?.text === '(' || tokens[at]?.word === 'format') at += 1;
    const literal = tokens[at];
    return literal?.kind === 'string' ? [{ text: contentOf(literal.text), line: literal.line }] : [];
  });
}

function contentOf(literal: string): string {
  const dollar = /^(\$[^$]*\$)([\s\S]*)\1$/.exec(literal);
  if (dollar !== null) return dollar[2] ?? '';
  return literal
    .replace(/^[a-z&]*'/i, '')
    .replace(/'$/, '')
    .replaceAll("''", "'");
}
