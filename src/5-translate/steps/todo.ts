/** A piece that is not translated: its SQL in a comment, and a call that throws. */
import type { Code, Line } from '../code.js';
import { variableOf, type StepsContext } from './context.js';

export function todo(sql: string, context: StepsContext): readonly Line[] {
  const text = sql.trim();
  return [
    { kind: 'comment', text: `TODO(migrate-rpc): ${text}` },
    { kind: 'expression', value: todoCall(text, context) },
  ];
}

/** Names the arguments and variables that the piece mentions, so that they are at hand where it is finished. */
export function todoCall(sql: string, context: StepsContext): Code {
  const line = sql.replace(/\s+/g, ' ').trim();
  context.todos.push(line);
  const mentions = (name: string): boolean =>
    new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?!\\w)`, 'i').test(sql);
  const mentioned = context.parameters.filter(({ sqlName, module }) =>
    [sqlName, `$${module.position}`].some((name) => name !== null && mentions(name)),
  );
  const locals = [...context.locals].filter(([id]) => mentions(variableOf(context, id).name));
  const items: Code[] = [
    { kind: 'executor' },
    { kind: 'string', value: line.length > 90 ? `${line.slice(0, 87)}…` : line },
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
