/** An update or delete whose condition may be missing, so that it takes every row. */
import { ts } from 'ts-morph';
import type { Problem, Rule } from './finding.js';
import { isOperator, startOf } from './facts/builder.js';
import { chainCalls } from './facts/client-uses.js';
import { calledName, chainFrom, fateOf, isDrizzleQuery, receiverOf } from './facts/fate.js';
import { nullishOf, withoutAssertions } from './facts/nullish.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { constantOf } from './facts/sql-text.js';

export const whereUndefined: Rule = {
  id: 'where-undefined',
  severity: 'error',
  title: 'An update or delete may have no condition',
  *check({ file, facts }): Iterable<Problem> {
    for (const call of nodesOf(facts, file).calls) {
      const name = calledName(call);
      if (name !== 'update' && name !== 'delete') continue;
      if (startOf(facts, call, /^(?:update|delete)$/) !== call) continue;
      const receiver = receiverOf(call);
      const top = chainFrom(call);
      if (receiver === null || !isDrizzleQuery(facts, top)) continue;
      const where = chainCalls(receiver, top).find((one) => calledName(one) === 'where');
      if (where === undefined) {
        if (fateOf(facts, top) !== 'given' && !/\$dynamic/.test(top.getText()) && !isReset(call, top))
          yield { node: nameOf(call), message: none, help };
        continue;
      }
      const [condition] = where.arguments;
      if (condition === undefined || !isCertain(facts, condition))
        yield { node: nameOf(where), message: maybe, help };
    }
  },
};

function nameOf(call: ts.CallExpression): ts.Node {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call;
}

/** One of three tables or more that are emptied one after the other: nobody forgets the same thing three times. */
function isReset(call: ts.CallExpression, top: ts.Expression): boolean {
  const statement = ts.findAncestor(top, ts.isStatement);
  if (calledName(call) !== 'delete' || statement === undefined || !ts.isBlock(statement.parent)) return false;
  const emptied = statement.parent.statements.flatMap((one) => emptiedBy(one) ?? []);
  return new Set(emptied).size >= 3;
}

/** The table of `await db.delete(table);`. */
function emptiedBy(statement: ts.Statement): string | null {
  if (!ts.isExpressionStatement(statement) || !ts.isAwaitExpression(statement.expression)) return null;
  const call = statement.expression.expression;
  if (!ts.isCallExpression(call) || calledName(call) !== 'delete') return null;
  return call.arguments[0]?.getText() ?? null;
}

/** Whether the condition is there whatever the values are. */
function isCertain(facts: ProgramFacts, node: ts.Expression, depth = 0): boolean {
  const bare = withoutAssertions(node);
  if (depth > 8) return true;
  if (ts.isConditionalExpression(bare))
    return [bare.whenTrue, bare.whenFalse].every((one) => isCertain(facts, one, depth + 1));
  if (ts.isCallExpression(bare) && (isOperator(facts, bare, 'and') || isOperator(facts, bare, 'or')))
    return bare.arguments.some((one) => isCertainArgument(facts, one, depth));
  const constant = constantOf(facts, bare);
  if (constant !== null && ts.isIdentifier(bare) && nullishOf(facts, bare) !== null)
    return isCertain(facts, constant, depth + 1);
  return nullishOf(facts, bare) === null;
}

function isCertainArgument(facts: ProgramFacts, node: ts.Expression, depth: number): boolean {
  if (!ts.isSpreadElement(node)) return isCertain(facts, node, depth + 1);
  // A list is certain to hold something when it is made with something that is certain.
  const made = withoutAssertions(constantOf(facts, node.expression) ?? node.expression);
  return (
    ts.isArrayLiteralExpression(made) && made.elements.some((one) => isCertainArgument(facts, one, depth + 1))
  );
}

const none = 'There is no WHERE: every row of the table is changed.';
const maybe =
  'When the condition is undefined Drizzle leaves WHERE out, without an error: every row of the table is changed.';
const help =
  'Throw when the value that decides is missing, so that the condition is always there; for every row on purpose write .where(sql`true`).';
