/** A Drizzle query or transaction that nobody waits for. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { clientUses } from './facts/client-uses.js';
import { chainFrom, drizzleQueries, fateOf, isDrizzleQuery, isEachCallback } from './facts/fate.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { opensTransaction } from './facts/transactions.js';

export const queryNotAwaited: Rule = {
  id: 'query-not-awaited',
  severity: 'error',
  title: 'A query is built and nobody waits for it',
  *check({ file, facts }): Iterable<Problem> {
    for (const query of nodesOf(facts, file).calls) {
      if (chainFrom(query) !== query) continue;
      const fate = fateOf(facts, query);
      if ((fate !== 'dropped' && fate !== 'each') || !isDrizzleQuery(facts, query)) continue;
      if (fate === 'dropped' && isAddedTo(facts, query)) continue;
      if (fate === 'dropped') yield { node: query, message: neverSent, help };
      if (fate === 'each') yield { node: query, message: droppedByEach, help: eachHelp };
    }
    for (const call of nodesOf(facts, file).calls) {
      if (chainFrom(call) === call && fateOf(facts, call) === 'dropped' && opensTransaction(facts, call))
        yield { node: call, message: floating, help };
      yield* eachProblems(facts, call);
    }
  },
};

/** `query.orderBy(…)` of a query that stands in a variable changes that one; what becomes of it is judged there. */
function isAddedTo(facts: ProgramFacts, query: ts.CallExpression): boolean {
  let start: ts.Expression = query;
  for (;;) {
    const inner = unwrap(start);
    if (ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner)) start = inner.expression;
    else return ts.isIdentifier(inner) && isDrizzleQuery(facts, inner);
  }
}

/** `list.forEach(async (item) => { await … })`. */
function* eachProblems(facts: ProgramFacts, call: ts.CallExpression): Iterable<Problem> {
  const [callback] = call.arguments;
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return;
  const async = callback.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword) === true;
  if (!async || !isEachCallback(facts, callback)) return;
  const uses =
    clientUses(facts, callback).length > 0 ||
    drizzleQueries(facts, call.getSourceFile()).some(
      (one) => one.pos >= callback.pos && one.end <= callback.end,
    ) ||
    callsTransaction(facts, callback);
  if (uses) yield { node: call, message: droppedByEach, help: eachHelp };
}

function callsTransaction(facts: ProgramFacts, callback: ts.Node): boolean {
  return nodesOf(facts, callback.getSourceFile()).calls.some(
    (one) =>
      one.pos >= callback.pos &&
      one.end <= callback.end &&
      (opensTransaction(facts, one) || usesClient(facts, one)),
  );
}

function usesClient(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const callee = calleeOf(facts, call);
  return callee !== null && clientUses(facts, callee).length > 0;
}

const neverSent =
  'This query is never sent: a Drizzle query runs when it is awaited, and nobody awaits this one. There is no error.';
const floating =
  'Nobody waits for this transaction: its failure is an unhandled rejection, and the code after it runs before it has ended.';
const droppedByEach =
  'forEach drops what its callback gives: a query that is only returned is never sent, and one that is awaited inside runs after the code that follows, its failure unhandled.';
const help = 'Put `await` before it, return it, or collect it in an awaited `Promise.all`.';
const eachHelp =
  'Use `for (const … of …)` with `await`, or `await Promise.all(list.map(…))` outside a transaction.';
