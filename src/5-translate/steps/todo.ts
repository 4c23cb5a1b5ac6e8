/** A piece that is not translated: its SQL in a comment, and a call that throws. */
import type { Code, Line } from '../code.js';
import type { StepsContext } from './context.js';

export function todo(sql: string, context: StepsContext): readonly Line[] {
  const text = sql.trim();
  return [
    { kind: 'comment', text: `TODO(migrate-rpc): ${text}` },
    { kind: 'expression', value: todoCall(text, context) },
  ];
}

/** Names the arguments that the piece mentions, so that they are at hand where it is finished. */
export function todoCall(sql: string, context: StepsContext): Code {
  const line = sql.replace(/\s+/g, ' ').trim();
  context.todos.push(line);
  const mentioned = context.parameters.filter(({ sqlName, module }) => {
    const names = [sqlName, `$${module.position}`].filter((name) => name !== null);
    return names.some((name) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?!\\w)`, 'i').test(sql));
  });
  const items: Code[] = [
    { kind: 'executor' },
    { kind: 'string', value: line.length > 90 ? `${line.slice(0, 87)}…` : line },
    ...mentioned.map(({ module }): Code => ({ kind: 'argument', position: module.position })),
  ];
  const callee: Code = { kind: 'routine', module: 'support', name: 'unfinished' };
  return { kind: 'await', value: { kind: 'call', callee, arguments: items } };
}

export function todoError(what: string): Code {
  const text: Code = { kind: 'string', value: `TODO(migrate-rpc): ${what}` };
  return { kind: 'new', callee: { kind: 'local', name: 'Error' }, arguments: [text] };
}
