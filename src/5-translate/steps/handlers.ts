/** The handlers of a block as what stands in `catch`: the first that fits runs, and what none fits goes on. */
import type { Block, Handler } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import { scopedName } from './scoped-name.js';
import { sqlstatesOf } from './sqlstates.js';
import { stepsInto } from './step.js';
import { readsIn } from './variable-uses.js';

export interface Handled {
  readonly lines: readonly Line[];
  /** At the end of each handler. */
  readonly flows: readonly Flow[];
}

/** `error`: name of what was caught. Null: all that the handlers do is raise the error again. */
export function handlersOf(step: Block, error: string, start: Flow, context: StepsContext): Handled | null {
  const caught: Code = { kind: 'local', name: error };
  const again: Line = { kind: 'throw', value: caught };
  const all = step.handlers.map((handler) => translated(handler, step, error, start, context));
  // The last handlers may only raise again, as nothing else catches what they catch.
  while (isOnly(all.at(-1)?.lines, again)) all.pop();
  const last = all.at(-1);
  if (last === undefined) return null;
  const flows = all.map(({ flow }) => flow);
  const before = all.slice(0, -1);
  const test = (handler: Handler): Code => matches(caught, handler);
  if (before.every(({ flow }) => flow.ended)) {
    const lines = before.flatMap(({ handler, lines: then }): readonly Line[] => [
      ...named(handler),
      { kind: 'if', test: test(handler), then, otherwise: null },
    ]);
    const unless: Line = {
      kind: 'if',
      test: { kind: 'not', value: test(last.handler) },
      then: [again],
      otherwise: null,
    };
    return { lines: [...lines, ...named(last.handler), unless, ...last.lines], flows };
  }
  const chain = all.reduceRight<readonly Line[]>(
    (otherwise, { handler, lines }) => [
      { kind: 'if', test: test(handler), then: [...named(handler), ...lines], otherwise },
    ],
    [again],
  );
  return { lines: chain, flows };
}

interface Translated {
  readonly handler: Handler;
  readonly lines: readonly Line[];
  readonly flow: Flow;
}

function translated(
  handler: Handler,
  { failure }: Block,
  error: string,
  start: Flow,
  context: StepsContext,
): Translated {
  const flow = branchOf(start);
  const lines: Line[] = [];
  const fields = (
    [
      ['code', failure?.sqlstate],
      ['message', failure?.sqlerrm],
    ] as const
  ).flatMap(([key, id]) => {
    if (id === undefined || readsIn(handler.statements, id).length === 0) return [];
    const name = scopedName(key, context);
    const code: Code = { kind: 'local', name };
    flow.bindings.set(id, { kind: 'local', code, type: 25, nullable: false });
    return [{ name, pattern: name === key ? key : `${key}: ${name}` }];
  });
  context.handling.push(error);
  stepsInto(handler.statements, context, flow, lines);
  context.handling.pop();
  // What is left out, such as a notice, reads nothing.
  const text = JSON.stringify(lines);
  const read = fields.flatMap(({ name, pattern }) => (text.includes(`"name":"${name}"`) ? [pattern] : []));
  if (read.length > 0)
    lines.unshift({ kind: 'const', pattern: `{ ${read.join(', ')} }`, value: fieldsOf(error) });
  return { handler, lines, flow };
}

/** `errorFields(error)`: what the database or RAISE said. */
export function fieldsOf(error: string): Code {
  const callee: Code = { kind: 'routine', module: 'support', name: 'errorFields' };
  return { kind: 'call', callee, arguments: [{ kind: 'local', name: error }] };
}

/** `failedWith(error, '23505')`. */
function matches(caught: Code, { conditions }: Handler): Code {
  const states = conditions.flatMap((condition) => {
    const name = condition.toLowerCase();
    if (name === 'others') return [name];
    const known = sqlstatesOf(name);
    if (known.length > 0) return known;
    return /^[0-9A-Z]{5}$/.test(condition) ? [condition] : unsupported(`the condition name ${condition}`);
  });
  const callee: Code = { kind: 'routine', module: 'support', name: 'failedWith' };
  const list = states.includes('others') ? ['others'] : [...new Set(states)];
  const extra = states.filter(
    (state) => list.includes('others') && /^(57014|57000|P0004|P0000)$/.test(state),
  );
  const values = [...list, ...extra].map((value): Code => ({ kind: 'string', value }));
  return { kind: 'call', callee, arguments: [caught, ...values] };
}

/** The names of the conditions, which their SQLSTATEs do not say to everyone. */
function named({ conditions }: Handler): readonly Line[] {
  const names = conditions.filter((condition) => sqlstatesOf(condition.toLowerCase()).length > 0);
  return names.length === 0 ? [] : [{ kind: 'comment', text: names.join(', ').toLowerCase() }];
}

function isOnly(lines: readonly Line[] | undefined, line: Line): boolean {
  return lines?.length === 1 && JSON.stringify(lines[0]) === JSON.stringify(line);
}
