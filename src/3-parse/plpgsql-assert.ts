/** ASSERT as the test and the error that it stands for (PostgreSQL manual, 41.9.2; exec_stmt_assert in pl_exec.c). */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import type { Step } from './body.js';
import type { Expression } from './expression.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import { stepText } from './plpgsql-context.js';
import { laterExpression } from './plpgsql-expressions.js';
import type { NameScope } from './plpgsql-variables.js';

/** A condition that is false or NULL raises P0004; the message is only computed then, and NULL is none. */
export function assertStep(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Step> {
  const sql = stepText(context, line, /^assert$/i);
  const condition = laterExpression(context, scope, node.expression('cond'), line);
  const message = node.has('message')
    ? laterExpression(context, scope, node.expression('message'), line)
    : null;
  return () => ({
    kind: 'if',
    branches: [{ condition: condition(), then: [], line }],
    otherwise: [raised(message?.() ?? null, line, sql)],
    assertion: true,
    line,
  });
}

const standing: Expression = { kind: 'literal', literal: 'string', text: 'assertion failed', type: 25 };

function raised(message: Expression | null, line: number, sql: string): Step {
  const told = message === null ? standing : message.kind === 'literal' ? message : orStanding(message);
  return {
    kind: 'raise',
    level: 'exception',
    condition: 'assert_failure',
    message: null,
    parameters: [],
    options: [{ name: 'MESSAGE', value: told }],
    line,
    sql,
  };
}

function orStanding(message: Expression): Expression {
  const text: Expression =
    message.type === 25 ? message : { kind: 'cast', operand: message, typeName: 'text', type: 25 };
  return { kind: 'coalesce', operands: [text, standing], type: 25 };
}
