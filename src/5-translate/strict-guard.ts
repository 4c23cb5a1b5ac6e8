/**
 * STRICT (PostgreSQL manual, CREATE FUNCTION): with a NULL argument nothing runs and the result is NULL, or no
 * row. The statement says so in its condition; one that reads no row from its arguments' NULLs is not changed.
 */
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Expression, ParameterReference } from '../3-parse/expression.js';
import { declaredInputs } from '../3-parse/routine-names.js';
import type { CommonTable, Insert, Select, Statement } from '../3-parse/statement.js';
import type { BodyResult } from '../4-classify/verdict.js';
import { some } from './cardinality.js';
import { Untranslatable, unsupported } from './untranslatable.js';

/** The statement under the condition that no argument is NULL, where one may be. */
export function guardStrict(
  statement: Statement,
  site: ResolvedSite,
  use: ResultUse,
  result: BodyResult,
): Statement {
  if (!site.routine.strict) return statement;
  const positions = site.bindings.filter(
    (binding) => binding.position <= declaredInputs(site.routine) && mayBeNull(binding, use),
  );
  if (positions.length === 0) return statement;
  if (use.shape !== 'nothing' && (result.kind === 'found' || result.kind === 'row-count'))
    unsupported('what a STRICT routine counts, with an argument that may be null');
  const tests = positions.map(({ position, parameter }): Expression => {
    const operand: ParameterReference = {
      kind: 'parameter',
      position,
      name: parameter.name,
      type: parameter.type,
      inferred: null,
      path: [],
    };
    return { kind: 'null-test', operand, negated: true, type: 16 };
  });
  return guarded(statement, tests);
}

function mayBeNull({ argument, parameter }: ResolvedSite['bindings'][number], use: ResultUse): boolean {
  if (argument?.collected !== undefined) return false;
  const text = (argument?.sql ?? parameter.default ?? 'null').trim();
  if (/^null(::.*)?$/i.test(text))
    throw new Untranslatable('unsupported', 'a STRICT routine called with NULL');
  const holes = new Set(argument?.holes.map(({ index }) => index) ?? []);
  if (use.arguments.some((one) => holes.has(one.hole) && one.mayBeNull)) return true;
  const plain = (argument?.hole ?? null) !== null || neverNull.test(text);
  return !plain;
}

/** Constants and clocks. */
const neverNull =
  /^(?:'(?:[^']|'')*'|-?[\d.]+|true|false|(?:now|clock_timestamp|gen_random_uuid|random)\(\)|current_\w+)(?:::[\w ."[\](),]+)?$/is;

function guarded(statement: Statement, tests: readonly Expression[]): Statement {
  if (statement.kind === 'unsupported-statement') return unsupported(statement.construct);
  if (statement.with.some(writes)) unsupported('a STRICT routine that writes in a common table expression');
  switch (statement.kind) {
    case 'select':
      return guardedSelect(statement, tests);
    case 'insert':
      return guardedInsert(statement, tests);
    default:
      return { ...statement, where: both(statement.where, tests) };
  }
}

/** An aggregate without GROUP BY gives its row whatever WHERE says, so that HAVING has to take it away. */
function guardedSelect(select: Select, tests: readonly Expression[]): Select {
  const { setOperation } = select;
  if (setOperation !== null) {
    const left = guardedSelect(setOperation.left, tests);
    const right = guardedSelect(setOperation.right, tests);
    return { ...select, setOperation: { ...setOperation, left, right } };
  }
  if (select.values !== null) unsupported('VALUES in a STRICT routine with an argument that may be null');
  const aggregates = some(
    [select.targets, select.having, select.orderBy],
    (node) => node.kind === 'call' && node.aggregate && node.over === null,
  );
  const whole = (aggregates || select.having !== null) && select.groupBy.length === 0;
  return whole || select.groupingSets !== null
    ? { ...select, having: both(select.having, tests) }
    : { ...select, where: both(select.where, tests) };
}

function guardedInsert(insert: Insert, tests: readonly Expression[]): Insert {
  const { source } = insert;
  if (source.kind !== 'select')
    return unsupported('INSERT … VALUES in a STRICT routine with an argument that may be null');
  return { ...insert, source: { kind: 'select', select: guardedSelect(source.select, tests) } };
}

function both(where: Expression | null, tests: readonly Expression[]): Expression {
  const operands = [...(where === null ? [] : where.kind === 'and' ? where.operands : [where]), ...tests];
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind: 'and', operands, type: 16 };
}

function writes({ statement }: CommonTable): boolean {
  return statement.kind !== 'select' || statement.with.some(writes);
}
