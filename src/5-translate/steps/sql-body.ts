/** SQL bodies of several statements as steps: the last one gives the result. */
import type { SqlBody, Step } from '../../3-parse/body.js';
import { outputTargets } from '../selection.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import type { StepsInput } from '../module-head.js';
import type { StepList } from './normalize.js';
import { resultOf } from './result.js';
import { unsupported } from '../untranslatable.js';

export function sqlBodySteps(body: SqlBody, input: StepsInput): StepList {
  const result = resultOf(input);
  const steps = body.statements.map((statement, index): Step => {
    const { sql, line } = statement;
    if (index < body.statements.length - 1 || result.kind === 'void')
      return { kind: 'perform', statement, line, sql };
    if (result.kind === 'set') return { kind: 'return-query', statement, line, sql };
    if (result.kind !== 'scalar') return unsupported('a row from the last of several SQL statements');
    if (statement.kind !== 'select' && !atMostOne(statement, input.catalog))
      return unsupported('one row of several that a write returns');
    return { kind: 'execute-sql', statement, into: { strict: false, targets: [target] }, line, sql };
  });
  if (result.kind !== 'scalar') return { steps, variables: [] };
  const last = body.statements.at(-1);
  if (last === undefined || outputTargets(last).length !== 1)
    return unsupported('the result of the last statement');
  const value = {
    kind: 'variable',
    variable: 0,
    name: 'result',
    path: [],
    type: result.type,
    inferred: result.type,
  } as const;
  return {
    steps: [...steps, { kind: 'return', value, line: last.line, sql: last.sql }],
    variables: [
      {
        id: 0,
        name: 'result',
        origin: 'declared',
        type: result.type,
        typmod: -1,
        constant: false,
        notNull: false,
        default: null,
        line: 0,
      },
    ],
  };
}

const target = { kind: 'variable', variable: 0 } as const;
