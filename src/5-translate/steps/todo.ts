/** A piece that is not translated: its SQL in a comment, and a call that throws. */
import { short } from '../../4-classify/place-reason.js';
import type { Code, Line } from '../code.js';
import { variableOf, type StepsContext } from './context.js';

/** A step, or the head of one, that no translation says exactly. */
export interface Piece {
  /** As it is written. */
  readonly sql: string;
  /** Of the body. */
  readonly line: number;
  /** The construct that it is refused for. */
  readonly why: string;
}

export function todo(piece: Piece, context: StepsContext): readonly Line[] {
  return [
    { kind: 'comment', text: `TODO(migrate-rpc): ${piece.sql.trim()}` },
    { kind: 'expression', value: todoCall(piece, context) },
  ];
}

/** Names the arguments and variables that the piece mentions, so that they are at hand where it is finished. */
export function todoCall({ sql, line, why }: Piece, context: StepsContext): Code {
  const text = short(sql);
  context.todos.push(`line ${String(line)}: ${text} (${why})`);
  context.untranslated.push(why);
  const mentions = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?!\\w)`, 'i').test(sql);
  const mentioned = context.parameters.filter(({ sqlName, module }) =>
    [sqlName, `$${module.position}`].some((name) => name !== null && mentions(name)),
  );
  const locals = [...context.locals].filter(([id]) => mentions(variableOf(context, id).name));
  const items: Code[] = [
    { kind: 'executor' },
    { kind: 'string', value: text },
    ...mentioned.map(({ module }): Code => ({ kind: 'argument', position: module.position })),
    ...locals.map(([, code]) => code),
  ];
  const callee: Code = { kind: 'routine', module: 'support', name: 'unfinished' };
  return { kind: 'await', value: { kind: 'call', callee, arguments: items } };
}

export function todoError(what: string): Code {
  const text: Code = { kind: 'string', value: `TODO(migrate-rpc): ${what}` };
  return { kind: 'new', callee: { kind: 'local', name: 'Error' }, arguments: [text] };
}
