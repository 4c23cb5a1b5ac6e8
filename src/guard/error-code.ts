/** `.code` of an error that Drizzle threw: the SQLSTATE is in its cause. */
import { ts } from 'ts-morph';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { clientUses } from './facts/client-uses.js';
import { clientOf } from './facts/clients.js';
import { forEachExecuted } from './facts/executed.js';
import { chainFrom, isDrizzleQuery, receiverOf } from './facts/fate.js';
import { nodesOf, type FunctionNode, type ProgramFacts } from './facts/program-facts.js';
import { withoutAssertions } from './facts/nullish.js';
import { ioCalls } from './facts/io-calls.js';
import { opensTransaction } from './facts/transactions.js';

export const errorCode: Rule = {
  id: 'error-code',
  severity: 'error',
  title: 'The code of a Drizzle error is read where it has none',
  *check({ file, facts }): Iterable<Problem> {
    for (const clause of nodesOf(facts, file).catches) {
      const name = clause.variableDeclaration?.name;
      if (name === undefined || !ts.isIdentifier(name) || !ts.isTryStatement(clause.parent)) continue;
      const reads = [...readsIn(facts, clause.block, name)];
      if (reads.length > 0 && throwsDrizzle(facts, clause.parent.tryBlock)) yield* reads;
    }
    for (const call of nodesOf(facts, file).calls) {
      const callee = call.expression;
      if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'catch') continue;
      if (!isDrizzleQuery(facts, callee.expression) && !isTransaction(facts, callee.expression)) continue;
      const [handler] = call.arguments;
      if (handler === undefined || !(ts.isArrowFunction(handler) || ts.isFunctionExpression(handler)))
        continue;
      const name = handler.parameters[0]?.name;
      if (name !== undefined && ts.isIdentifier(name)) yield* readsIn(facts, handler.body, name);
    }
  },
};

function isTransaction(facts: ProgramFacts, node: ts.Expression): boolean {
  return ts.isCallExpression(node) && opensTransaction(facts, node) && receiverIsDrizzle(facts, node);
}

function receiverIsDrizzle(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const receiver = receiverOf(call);
  return receiver === null || clientOf(facts, receiver)?.startsWith('pg') !== true;
}

/** Only Drizzle: another client, or a request, has codes of its own. */
function throwsDrizzle(facts: ProgramFacts, block: ts.Block): boolean {
  let drizzle = false;
  let other = false;
  forEachExecuted(facts, block, (node) => {
    if (!ts.isCallExpression(node) && !ts.isTaggedTemplateExpression(node)) return undefined;
    if (ts.isTaggedTemplateExpression(node)) {
      if (clientOf(facts, node.tag) !== null) other = true;
      return undefined;
    }
    const receiver = receiverOf(node);
    const kind = receiver === null ? null : clientOf(facts, receiver);
    if (kind?.startsWith('drizzle') === true || (chainFrom(node) === node && isDrizzleQuery(facts, node)))
      drizzle = true;
    else if (kind !== null) other = true;
    const callee = calleeOf(facts, node);
    if (callee !== null) {
      const uses = clientUses(facts, callee);
      if (uses.some((use) => use.client === 'drizzle') || opensTransaction(facts, node)) drizzle = true;
      if (uses.some((use) => use.client !== 'drizzle') || ioCalls(facts, callee).length > 0) other = true;
      if (handsExecutor(facts, node)) drizzle = true;
    }
    if (callee === null && ts.isAwaitExpression(node.parent) && kind === null && !isDrizzleQuery(facts, node))
      other = true;
    return undefined;
  });
  return drizzle && !other;
}

function handsExecutor(facts: ProgramFacts, call: ts.CallExpression): boolean {
  return call.arguments.some((one) => clientOf(facts, one)?.startsWith('drizzle') === true);
}

function* readsIn(facts: ProgramFacts, block: ts.Node, name: ts.Identifier): Iterable<Problem> {
  if (/\bcause\b/.test(block.getText())) return;
  const symbol = facts.checker.getSymbolAtLocation(name);
  const means = (node: ts.Expression): boolean =>
    ts.isIdentifier(node) && facts.checker.getSymbolAtLocation(node) === symbol && !isNarrowed(facts, node);
  const found: Problem[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'code' &&
      means(withoutAssertions(node.expression))
    )
      found.push({ node: node.name, message, help });
    if (
      ts.isElementAccessExpression(node) &&
      /^['"`]code['"`]$/.test(node.argumentExpression.getText()) &&
      means(withoutAssertions(node.expression))
    )
      found.push({ node, message, help });
    if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === 'code') {
      const declaration = node.parent.parent;
      if (
        ts.isVariableDeclaration(declaration) &&
        declaration.initializer !== undefined &&
        means(withoutAssertions(declaration.initializer))
      )
        found.push({ node, message, help });
    }
    if (ts.isCallExpression(node)) found.push(...readsByHelper(facts, node, means, name.getSourceFile()));
    ts.forEachChild(node, visit);
  };
  visit(block);
  yield* found;
}

/** `isUniqueViolation(error)`, whose body reads the code of its parameter. */
function readsByHelper(
  facts: ProgramFacts,
  call: ts.CallExpression,
  means: (node: ts.Expression) => boolean,
  file: ts.SourceFile,
): readonly Problem[] {
  const index = call.arguments.findIndex((one) => means(withoutAssertions(one)));
  const callee: FunctionNode | null = index < 0 ? null : calleeOf(facts, call);
  const parameter = callee?.parameters[index]?.name;
  if (callee === null || parameter === undefined || !ts.isIdentifier(parameter)) return [];
  if (/\bcause\b|axios|supabase/i.test(callee.getText())) return [];
  const here = [...readsIn(facts, callee.body, parameter)];
  if (here.length === 0) return [];
  return callee.getSourceFile() === file ? here : [{ node: call, message, help }];
}

/** `instanceof AppError` and the like: another error, whose code is its own. */
function isNarrowed(facts: ProgramFacts, node: ts.Expression): boolean {
  const type = facts.checker.getTypeAtLocation(node);
  const all = type.isUnionOrIntersection() ? type.types : [type];
  return all.some((one) => {
    const symbol = one.getSymbol();
    if (symbol === undefined || symbol.name === 'Error') return false;
    return (symbol.flags & ts.SymbolFlags.Class) !== 0 || /Error$/.test(symbol.name);
  });
}

const message =
  'Drizzle throws a DrizzleQueryError, whose own `code` is undefined: no branch on it is ever taken, and a retry takes a permanent failure for a passing one.';
const help =
  'Read it from the cause: `const pg = error instanceof DrizzleQueryError ? error.cause : error`, then `pg.code`.';
