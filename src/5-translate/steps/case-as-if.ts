/** CASE with calls of generated functions in its results, as the IF that it is in PL/pgSQL: both evaluate one result. */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Case, Expression } from '../../3-parse/expression.js';
import type { StepsInput } from '../module-head.js';

/**
 * `RETURN CASE …` and `v := CASE …`; any other step as it is. The results take the type of the CASE before that of
 * the target, so that the two must be one.
 * @param calls Does the expression call a generated function?
 */
export function caseAsIf(
  step: Step,
  calls: (node: Expression) => boolean,
  variables: readonly Variable[],
  { routine }: StepsInput,
): Step {
  if (step.kind !== 'return' && step.kind !== 'assign') return step;
  const { value, line } = step;
  if (value?.kind !== 'case' || !calls(value) || !isRepeatable(value.subject)) return step;
  const type = step.kind === 'return' ? scalarResult(routine) : targetType(step.target, variables);
  if (type === null || type !== value.type) return step;
  const stepOf = (one: Expression): Step => ({ ...step, value: one });
  return {
    kind: 'if',
    branches: value.branches.map(({ when, then }) => ({
      condition: conditionOf(value, when),
      then: [stepOf(then)],
      line,
    })),
    otherwise: [stepOf(value.otherwise ?? { kind: 'null', type })],
    line,
  };
}

const boolean = 16;

function conditionOf({ subject }: Case, when: Expression): Expression {
  return subject === null
    ? when
    : { kind: 'operator', operator: '=', left: subject, right: when, type: boolean };
}

function isRepeatable(subject: Expression | null): boolean {
  return subject === null || /^(?:parameter|variable|literal)$/.test(subject.kind);
}

function scalarResult({ returnsSet, returnType, arguments: given }: StepsInput['routine']): number | null {
  const outs = given.some(({ mode }) => mode !== 'in' && mode !== 'variadic');
  return returnsSet || outs ? null : returnType;
}

function targetType(
  target: Extract<Step, { kind: 'assign' }>['target'],
  variables: readonly Variable[],
): number | null {
  const variable = target.kind === 'variable' ? variables[target.variable] : undefined;
  return variable?.typmod === -1 ? variable.type : null;
}
