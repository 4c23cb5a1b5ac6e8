/**
 * `r IS NULL` of a row variable: every column is NULL. `r IS NOT NULL`: none is (PostgreSQL manual, 9.2). Where a
 * column is never NULL, the first asks for the row.
 */
import type { Expression, NullTest, VariableReference } from '../../3-parse/expression.js';
import type { Binding } from './flow.js';

type RecordBinding = Extract<Binding, { kind: 'record' }>;

/** `rowTest` is true where the row is there. */
export function recordNullTest(
  node: NullTest,
  operand: VariableReference,
  { fields }: RecordBinding,
  rowTest: () => Expression,
): Expression {
  const list = [...fields];
  const never = list.filter(([, field]) => field.kind === 'field' && !field.nullable);
  const others = list.filter((entry) => !never.includes(entry));
  const test = ([name, field]: (typeof list)[number]): Expression => {
    const type = 'type' in field ? field.type : null;
    return { ...node, operand: { ...operand, path: [name], type, inferred: type } };
  };
  if (never.length === 0) return { kind: 'and', operands: others.map(test), type: 16 };
  if (!node.negated) return { kind: 'not', operands: [rowTest()], type: 16 };
  return others.length === 0
    ? rowTest()
    : { kind: 'and', operands: [rowTest(), ...others.map(test)], type: 16 };
}
