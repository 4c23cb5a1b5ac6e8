/** `eq` with a value that may be null: the comparison is never true. */
import type { Problem, Rule } from './finding.js';
import { isOperator } from './facts/builder.js';
import { nullishOf } from './facts/nullish.js';
import { nodesOf } from './facts/program-facts.js';

export const eqNull: Rule = {
  id: 'eq-null',
  severity: 'error',
  title: 'A column is compared with a value that may be null',
  *check({ file, facts }): Iterable<Problem> {
    for (const call of nodesOf(facts, file).calls) {
      const [, value] = call.arguments;
      if (value === undefined || !isOperator(facts, call, 'eq')) continue;
      const nullish = nullishOf(facts, value);
      if (nullish === null) continue;
      yield {
        node: call,
        data: { nullish },
        message: `The value may be ${nullish}: \`column = NULL\` is never true, so no row is found or changed, and there is no error.`,
        help: 'Write `value === null ? isNull(column) : eq(column, value)`, or refuse a missing value before.',
      };
    }
  },
};
