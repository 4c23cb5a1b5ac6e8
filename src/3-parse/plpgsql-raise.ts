/** RAISE. */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import type { Step } from './body.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import { stepText } from './plpgsql-context.js';
import { laterExpression } from './plpgsql-expressions.js';
import type { NameScope } from './plpgsql-variables.js';

const LEVELS = { 14: 'debug', 15: 'log', 17: 'info', 18: 'notice', 19: 'warning', 21: 'exception' } as const;
const OPTIONS = [
  'ERRCODE',
  'MESSAGE',
  'DETAIL',
  'HINT',
  'COLUMN',
  'CONSTRAINT',
  'DATATYPE',
  'TABLE',
  'SCHEMA',
];

/** `condition` is a name or a SQLSTATE; both it and the message are null for a bare RAISE. */
export function raiseStep(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Step> {
  const sql = stepText(context, line, /^raise$/i);
  const level = LEVELS[node.number('elog_level') as keyof typeof LEVELS] ?? 'exception';
  const parameters = node
    .nodes('params')
    .map((each) => laterExpression(context, scope, each.asExpression(), line));
  const options = node.nodes('options').map((option) => ({
    name: OPTIONS[option.number('opt_type')] ?? 'ERRCODE',
    value: laterExpression(context, scope, option.expression('expr'), line),
  }));
  return () => ({
    kind: 'raise',
    level,
    condition: node.text('condname'),
    message: node.text('message'),
    parameters: parameters.map((each) => each()),
    options: options.map(({ name, value }) => ({ name, value: value() })),
    line,
    sql,
  });
}
