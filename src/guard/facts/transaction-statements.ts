/** The statements that a transaction's callback sends on the transaction's own client. */
import { ts } from 'ts-morph';
import { calleeOf } from './callees.js';
import { clientOf, isTransaction } from './clients.js';
import { forEachExecuted } from './executed.js';
import { chainFrom, isDrizzleQuery } from './fate.js';
import { remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { rootsOf } from './roots.js';
import { opensTransaction } from './transactions.js';

export interface TransactionStatement {
  readonly node: ts.Expression;
  /** A transaction inside the transaction: its failure leaves the outer one usable. */
  readonly savepoint: boolean;
}

/** In text order; what a savepoint's own callback sends is left out. */
export function transactionStatements(
  facts: ProgramFacts,
  callback: FunctionNode,
): readonly TransactionStatement[] {
  return remember<readonly TransactionStatement[]>(facts, 'transaction statements', callback, () => {
    const found: TransactionStatement[] = [];
    forEachExecuted(facts, callback, (node) => {
      if (ts.isCallExpression(node) && opensTransaction(facts, node)) {
        found.push({ node, savepoint: true });
        return 'skip';
      }
      if (ts.isCallExpression(node) && handsTransaction(facts, node, callback)) {
        found.push({ node, savepoint: false });
        return undefined;
      }
      const sends =
        (ts.isCallExpression(node) &&
          chainFrom(node) === node &&
          startsAtTransaction(facts, node, callback) &&
          sendsQuery(facts, node)) ||
        (ts.isTaggedTemplateExpression(node) &&
          isTransaction(clientOf(facts, node.tag) ?? 'pg-pool') &&
          !ts.isTemplateSpan(node.parent));
      if (!sends) return undefined;
      found.push({ node, savepoint: false });
      return undefined;
    });
    return found.sort((a, b) => a.node.pos - b.node.pos);
  });
}

function sendsQuery(facts: ProgramFacts, node: ts.CallExpression): boolean {
  if (isDrizzleQuery(facts, node)) return true;
  const { expression } = node;
  return ts.isPropertyAccessExpression(expression) && /^(?:execute|unsafe|query)$/.test(expression.name.text);
}

function startsAtTransaction(facts: ProgramFacts, node: ts.CallExpression, callback: FunctionNode): boolean {
  for (let at: ts.Expression = node; ;) {
    if (ts.isCallExpression(at) || ts.isPropertyAccessExpression(at) || ts.isNonNullExpression(at)) {
      const inner: ts.Expression = at.expression;
      if (belongs(facts, inner, callback)) return true;
      at = inner;
    } else return false;
  }
}

function handsTransaction(facts: ProgramFacts, node: ts.CallExpression, callback: FunctionNode): boolean {
  return calleeOf(facts, node) !== null && node.arguments.some((one) => belongs(facts, one, callback));
}

function belongs(facts: ProgramFacts, node: ts.Expression, callback: FunctionNode): boolean {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  const kind = clientOf(facts, node);
  if (kind === null) return false;
  return isTransaction(kind) || rootsOf(facts, node, callback).some((root) => root.kind === 'parameter');
}
