/** Calls of a routine in its own body: what is known of the generated function while it is being made. */
import type { ModuleDraft } from './draft.js';
import { documentation, moduleParameters, resultType, type StepsInput } from './module-head.js';
import { functionName } from './names.js';
import { callsWhere } from './steps/hoisted-variable.js';
import { shapeOf } from './steps/module-shape.js';
import { resultOf } from './steps/result.js';
import { Untranslatable } from './untranslatable.js';

export function callsItself({ verdict, routine }: StepsInput): boolean {
  return callsWhere(verdict.body, (oid) => oid === routine.oid);
}

/**
 * The same input, in which the routine is a generated function like those that it calls.
 * @param nullable A value that it gives may be null.
 */
export function withItself(input: StepsInput, nullable: boolean): StepsInput {
  const { callees, routine } = input;
  if (callees === undefined || !callsItself(input)) return input;
  const own = ownDraft(input, nullable);
  return {
    ...input,
    callees: { ...callees, module: (oid) => (oid === routine.oid ? own : callees.module(oid)) },
  };
}

/** Null: a parameter hides it, or it has a result that no function gives. */
export function ownDraft(input: StepsInput, nullable: boolean): ModuleDraft | null {
  const name = functionName(input.routine, input.catalog);
  const parameters = moduleParameters(input).map(({ module }) => module);
  if (parameters.some((parameter) => parameter.name === name)) return null;
  try {
    const result = resultOf(input);
    return {
      kind: 'module',
      completeness: 'complete',
      todos: [],
      statements: callsItself(input) ? 0 : 1,
      roundTrips: 0,
      hazards: [],
      describable: [],
      name,
      documentation: documentation(input),
      pending: true,
      executor: 'tx',
      parameters,
      body: [],
      returns: resultType(input, result, nullable),
      ...shapeOf(input, result),
      nullable,
    };
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}
