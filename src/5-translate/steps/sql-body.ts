/** SQL bodies of several statements as steps: the last one gives the result. */
import type { SqlBody, Step, Variable } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Statement } from '../../3-parse/statement.js';
import { outputTargets } from '../selection.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { cardinality } from '../cardinality.js';
import type { StepsInput } from '../module-head.js';
import type { StepList } from './normalize.js';
import { resultOf, type Result } from './result.js';
import { unsupported } from '../untranslatable.js';

export function sqlBodySteps(body: SqlBody, input: StepsInput): StepList {
  const { routine, catalog } = input;
  const result = resultOf(input);
  const last = body.statements.at(-1);
  const before = (result.kind === 'void' ? body.statements : body.statements.slice(0, -1)).map(
    (statement): Step => ({ kind: 'perform', statement, line: statement.line, sql: statement.sql }),
  );
  if (result.kind === 'void' || last === undefined) return { steps: before, variables: [] };
  const { sql, line } = last;
  if (result.kind === 'set')
    return { steps: [...before, { kind: 'return-query', statement: last, line, sql }], variables: [] };
  refuseSeveral(last, input);
  const variables = resultVariables(result, input);
  if (result.kind !== 'row' && outputTargets(last).length !== variables.length)
    return unsupported('the result of the last statement');
  const targets = variables.map(({ id }) => ({ kind: 'variable', variable: id }) as const);
  const steps: readonly Step[] = [
    ...before,
    { kind: 'execute-sql', statement: last, into: { strict: false, targets }, line, sql },
  ];
  const [first] = variables;
  if (routine.kind === 'procedure' && cardinality(last, catalog) !== 'exactly-one')
    return withRowTest({ steps, variables }, last);
  if (result.kind === 'out' || first === undefined) return { steps, variables };
  const value: VariableReference = {
    kind: 'variable',
    variable: first.id,
    name: first.name,
    path: [],
    type: first.type,
    inferred: first.type,
  };
  return { steps: [...steps, { kind: 'return', value, line, sql }], variables };
}

/** CALL of an SQL procedure wants the row of its OUT arguments (ExecuteCallStmt in functioncmds.c). */
function withRowTest({ steps, variables }: StepList, { line, sql }: Statement): StepList {
  const found = resultVariable('found', BOOLEAN, variables.length, 'found');
  const isFound: VariableReference = {
    kind: 'variable',
    variable: found.id,
    name: 'found',
    path: [],
    type: BOOLEAN,
    inferred: null,
  };
  const code: Expression = { kind: 'literal', literal: 'string', text: 'XX000', type: null };
  const fails: Step = {
    kind: 'raise',
    level: 'exception',
    condition: null,
    message: 'procedure returned null record',
    parameters: [],
    options: [{ name: 'ERRCODE', value: code }],
    line,
    sql,
  };
  const condition: Expression = { kind: 'not', operands: [isFound], type: BOOLEAN };
  const test: Step = { kind: 'if', branches: [{ condition, then: [fails], line }], otherwise: null, line };
  return { steps: [...steps, test], variables: [...variables, found] };
}

const BOOLEAN = 16;

/** A function of one row gives the first of a SELECT, which one more row would not make fail. */
function refuseSeveral(last: Statement, { catalog }: StepsInput): void {
  if (last.kind !== 'select' && !atMostOne(last, catalog))
    unsupported('one row of several that a write returns');
}

/** What the rows of the last statement go into: OUT arguments, or one variable. */
function resultVariables(result: Result, { routine }: StepsInput): readonly Variable[] {
  switch (result.kind) {
    case 'out':
      return result.columns.map(({ name, type }, index) => resultVariable(name, type, index, 'out'));
    case 'row':
      return [resultVariable('row', routine.returnType, 0, 'declared')];
    case 'scalar':
      return [resultVariable('result', result.type, 0, 'declared')];
    default:
      return [];
  }
}

function resultVariable(name: string, type: number, id: number, origin: Variable['origin']): Variable {
  return { id, name, origin, type, typmod: -1, constant: false, notNull: false, default: null, line: 0 };
}
