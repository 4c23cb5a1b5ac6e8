/** An error of a statement in a transaction is dropped, and the transaction goes on. */
import { ts } from 'ts-morph';
import type { Problem, Rule } from './finding.js';
import { calledName } from './facts/fate.js';
import { isInside, nodesOf, type FunctionNode } from './facts/program-facts.js';
import { transactionStatements, type TransactionStatement } from './facts/transaction-statements.js';
import { scopesOf } from './facts/transactions.js';

export const swallowInTx: Rule = {
  id: 'swallow-in-tx',
  severity: 'error',
  title: 'A failed statement is swallowed and the transaction goes on',
  *check({ file, facts }): Iterable<Problem> {
    for (const { callback } of scopesOf(facts, file)) {
      if (callback.getSourceFile() !== file) continue;
      const statements = transactionStatements(facts, callback);
      const plain = statements.filter(({ savepoint }) => !savepoint);
      for (const clause of nodesOf(facts, file).catches) {
        if (!isInside(clause, callback) || !ts.isTryStatement(clause.parent)) continue;
        const tried = plain.some(({ node }) => isInside(node, clause.parent.tryBlock));
        if (!tried || leaves(clause.block) || !goesOn(clause.parent, statements, callback)) continue;
        yield { node: clause, message, help };
      }
      for (const call of nodesOf(facts, file).calls) {
        if (!isInside(call, callback)) continue;
        const place = swallowing(call, plain);
        if (place !== null && goesOn(call, statements, callback)) yield { node: place, message, help };
      }
    }
  },
};

/** The `catch` of `.catch(() => …)`, or the whole `Promise.allSettled([…])`, that drops a statement's error. */
function swallowing(call: ts.CallExpression, plain: readonly TransactionStatement[]): ts.Node | null {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const name = calledName(call);
  if (name === 'allSettled' && callee.expression.getText() === 'Promise')
    return call.arguments.some((one) => plain.some(({ node }) => isInside(node, one))) ? call : null;
  if (name !== 'catch') return null;
  if (!plain.some(({ node }) => isInside(node, callee.expression))) return null;
  const [handler] = call.arguments;
  if (handler === undefined || !(ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)))
    return null;
  if (ts.isBlock(handler.body)) return ends(handler.body, ts.isThrowStatement) ? null : callee.name;
  return /\.reject\s*\(/.test(handler.body.getText()) ? null : callee.name;
}

/** Whether the block always leaves by throw, return or break, or rolls back. */
function leaves(block: ts.Block): boolean {
  if (/\.rollback\s*\(\s*\)/.test(block.getText())) return true;
  return ends(block, (node) => ts.isThrowStatement(node) || ts.isReturnStatement(node));
}

function ends(block: ts.Block, leave: (node: ts.Statement) => boolean): boolean {
  return block.statements.some(
    (one) =>
      leave(one) ||
      (ts.isIfStatement(one) &&
        one.elseStatement !== undefined &&
        endsBranch(one.thenStatement, leave) &&
        endsBranch(one.elseStatement, leave)) ||
      (ts.isExpressionStatement(one) && /^(?:throw|never|fail|assertNever|rethrow)\w*\(/.test(one.getText())),
  );
}

function endsBranch(node: ts.Statement, leave: (node: ts.Statement) => boolean): boolean {
  return ts.isBlock(node) ? ends(node, leave) : leave(node);
}

/** Whether another statement of the transaction follows, also in the next round of a loop. */
function goesOn(node: ts.Node, statements: readonly TransactionStatement[], callback: FunctionNode): boolean {
  if (statements.some((one) => one.node.getStart() >= node.end)) return true;
  const loop = ts.findAncestor(
    node,
    (one): one is ts.IterationStatement => one === callback || ts.isIterationStatement(one, false),
  );
  return loop !== undefined && (loop as ts.Node) !== callback;
}

const message =
  'PostgreSQL has aborted the transaction when a statement fails: what follows fails with 25P02 (current transaction is aborted), or the commit silently becomes a rollback.';
const help =
  'Put the statement that may fail into a savepoint, `await tx.transaction(async (inner) => …)`, and catch around that; or let the error pass.';
