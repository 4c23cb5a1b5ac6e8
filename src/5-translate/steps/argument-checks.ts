/** What PostgreSQL checks of the arguments before a body runs, where no statement of the body does. */
import { declaredInputs } from '../../3-parse/routine-names.js';
import type { Code, Line } from '../code.js';
import type { ModuleParameter } from '../draft.js';
import { parameterCode } from '../expressions/parameter.js';
import { cannotBeRefused } from '../parameter-type.js';
import { evaluateCall } from './send.js';
import { typeName } from '../arguments.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import type { Result } from './result.js';

/** STRICT: a NULL argument gives NULL, and nothing runs. */
export function nullGuard(context: StepsContext, result: Result | null): readonly Line[] {
  const { input } = context;
  const positions = context.parameters
    .map(({ module }) => module.position)
    .filter((position) => input.nullable.has(position) && position <= declaredInputs(input.routine));
  const [first, ...rest] = positions;
  if (!input.routine.strict || first === undefined) return [];
  const nothing: Code = { kind: 'keyword', value: 'null' };
  const isNull = (position: number): Code => ({
    kind: 'binary',
    operator: '===',
    left: { kind: 'argument', position },
    right: nothing,
  });
  const test = rest.reduce<Code>(
    (left, position) => ({ kind: 'binary', operator: '||', left, right: isNull(position) }),
    isNull(first),
  );
  return [{ kind: 'if', test, then: [{ kind: 'return', value: nullResult(result) }], otherwise: null }];
}

function nullResult(result: Result | null): Code | null {
  const nothing: Code = { kind: 'keyword', value: 'null' };
  if (result === null || result.kind === 'void') return null;
  if (result.kind === 'set') return { kind: 'array', items: [] };
  if (result.kind === 'scalar' || (result.kind === 'out' && !result.row)) return nothing;
  const entries = result.columns.map(
    ({ name }) => ({ kind: 'property', key: name, value: nothing }) as const,
  );
  return { kind: 'array', items: [{ kind: 'object', entries }] };
}

/**
 * Integers that JavaScript uses before a statement has sent them are checked on entry, and so is every argument
 * that some path sends nowhere: PostgreSQL refuses a wrong one whether the body uses it or not.
 */
export function argumentChecks(context: StepsContext, flow: Flow): readonly Line[] {
  return context.parameters.flatMap(({ module, source }): Line[] => {
    const { position } = module;
    if (source.kind !== 'expression') return [];
    const sent = context.endings.every((ending) => ending.has(position));
    const value: Code = { kind: 'argument', position };
    if (source.declared === int4) {
      // The check comes before what the body raises, as it did.
      const before = context.raises.every((raised) => raised.has(position));
      return sent && before && !context.checked.has(position)
        ? []
        : [{ kind: 'expression', value: helper('int4', value) }];
    }
    if (source.declared === int4Array && context.checked.has(position)) return [checkedElements(module)];
    if (sent || cannotBeRefused(source.declared)) return [];
    const cast = `::${typeName(context.input.catalog, source.declared)}`;
    const sql: Code = { kind: 'sql', type: null, parts: [parameterCode(source), cast] };
    flow.statements += 1;
    return [{ kind: 'expression', value: { kind: 'await', value: evaluateCall(sql) } }];
  });
}

/** `ids.forEach((id) => int4(id))`. */
function checkedElements({ position, type }: ModuleParameter): Line {
  const object: Code = { kind: 'argument', position };
  const optional = type.endsWith('| null');
  const body = helper('int4', { kind: 'local', name: 'value' });
  const each: Code = { kind: 'arrow', async: false, parameters: ['value'], body };
  const callee: Code = { kind: 'member', object, property: 'forEach', ...(optional ? { optional } : {}) };
  return { kind: 'expression', value: { kind: 'call', callee, arguments: [each] } };
}

const int4 = 23;
const int4Array = 1007;

function helper(name: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'routine', module: 'support', name }, arguments: items };
}
