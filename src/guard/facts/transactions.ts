/** Calls that run a function inside a transaction: Drizzle's, postgres.js', and wrappers of the user's own. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { calleeOf, functionOf } from './callees.js';
import { clientOf } from './clients.js';
import { calledName, receiverOf } from './fate.js';
import { isInside, nodesOf, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { isTransactionCommand, sentBy } from './senders.js';

export interface TransactionScope {
  readonly call: ts.CallExpression;
  /** What runs inside. */
  readonly callback: FunctionNode;
  /** A transaction inside another one is a savepoint. */
  readonly savepoint: boolean;
}

/** The scope that a call opens, or null. */
export function scopeOf(facts: ProgramFacts, call: ts.CallExpression): TransactionScope | null {
  const handed = handedFunction(facts, call);
  if (handed === null) return null;
  const callback = functionOf(facts, handed.argument);
  return callback === null ? null : { call, callback, savepoint: handed.savepoint };
}

/** Every scope of a file, outer ones first. */
export function scopesOf(facts: ProgramFacts, file: ts.SourceFile): readonly TransactionScope[] {
  return remember(facts, 'scopes', file, () =>
    nodesOf(facts, file).calls.flatMap((call) => scopeOf(facts, call) ?? []),
  );
}

/** Whether the call opens a transaction (or a savepoint), whatever function it runs. */
export function opensTransaction(facts: ProgramFacts, call: ts.CallExpression): boolean {
  return handedFunction(facts, call) !== null;
}

function handedFunction(
  facts: ProgramFacts,
  call: ts.CallExpression,
): { readonly argument: ts.Expression; readonly savepoint: boolean } | null {
  if (!call.arguments.some(mayBeFunction)) return null;
  const name = calledName(call);
  const receiver = receiverOf(call);
  if (receiver !== null && (name === 'transaction' || name === 'begin' || name === 'savepoint')) {
    const kind = clientOf(facts, receiver);
    const drizzle = kind === 'drizzle' || kind === 'drizzle-transaction';
    const postgres = kind?.startsWith('postgres') === true;
    if ((drizzle && name === 'transaction') || (postgres && name !== 'transaction')) {
      const argument = call.arguments.find(
        (one) => facts.checker.getTypeAtLocation(one).getCallSignatures().length > 0,
      );
      return argument === undefined ? null : { argument, savepoint: kind?.endsWith('transaction') === true };
    }
  }
  const callee = calleeOf(facts, call);
  if (callee === null) return null;
  for (const index of runnersInTransaction(facts, callee)) {
    const argument = call.arguments[index];
    if (argument !== undefined) return { argument, savepoint: false };
  }
  return null;
}

/** What is written as another value is no function, so that nobody has to ask for the callee's type. */
function mayBeFunction(argument: ts.Expression): boolean {
  const inner = unwrap(argument);
  return !(
    ts.isLiteralExpression(inner) ||
    ts.isTemplateExpression(inner) ||
    ts.isObjectLiteralExpression(inner) ||
    ts.isArrayLiteralExpression(inner)
  );
}

/** Which parameters of a wrapper it runs inside a transaction. */
export function runnersInTransaction(facts: ProgramFacts, owner: FunctionNode): ReadonlySet<number> {
  return remember<ReadonlySet<number>>(
    facts,
    'transaction wrapper',
    owner,
    () => find(facts, owner),
    new Set(),
  );
}

function find(facts: ProgramFacts, owner: FunctionNode): ReadonlySet<number> {
  const found = new Set<number>();
  const places = new Map<ts.Symbol, number>();
  owner.parameters.forEach((parameter, index) => {
    const symbol = facts.checker.getSymbolAtLocation(parameter.name);
    if (symbol === undefined || !ts.isIdentifier(parameter.name)) return;
    if (facts.checker.getTypeAtLocation(parameter).getCallSignatures().length > 0) places.set(symbol, index);
  });
  if (places.size === 0) return found;
  const placeOf = (node: ts.Expression): number | undefined => {
    const inner = unwrap(node);
    const symbol = ts.isIdentifier(inner) ? facts.checker.getSymbolAtLocation(inner) : undefined;
    return symbol === undefined ? undefined : places.get(symbol);
  };
  const callbacks: FunctionNode[] = [];
  let begun: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const handed = handedFunction(facts, node);
      if (handed !== null) {
        const place = placeOf(handed.argument);
        const written = unwrap(handed.argument);
        if (place !== undefined) found.add(place);
        else if (ts.isArrowFunction(written) || ts.isFunctionExpression(written)) callbacks.push(written);
      }
      if (begun === null && isTransactionCommand(sentBy(facts, node), /^\s*(?:begin|start\s+transaction)\b/i))
        begun = node;
      const place = placeOf(node.expression);
      const inside = begun !== null || callbacks.some((callback) => isInside(node, callback));
      if (place !== undefined && inside) found.add(place);
    }
    ts.forEachChild(node, visit);
  };
  visit(owner.body);
  return found;
}
