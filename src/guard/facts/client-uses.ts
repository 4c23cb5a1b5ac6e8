/** Which clients a function uses while it runs, followed through what it calls: the ground of tx-outer-db. */
import { ts } from 'ts-morph';
import { argumentFor, calleeOf } from './callees.js';
import { clientOf, isTransaction, type ClientKind } from './clients.js';
import { forEachExecuted } from './executed.js';
import { calledName, chainFrom, fateOf, isDrizzleQuery } from './fate.js';
import { packageOfSymbol, symbolOf } from './packages.js';
import { isInside, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { rootsOf, type Root } from './roots.js';

export interface ClientUse {
  /** The use itself, or the call of the function that uses it. */
  readonly node: ts.Expression;
  readonly root: Root;
  readonly client: ClientKind;
  /** Names of the functions between `node` and the use; empty when `node` is the use. */
  readonly through: readonly string[];
}

/** Uses of any client that run as part of the function, in the order of the text. */
export function clientUses(facts: ProgramFacts, owner: FunctionNode): readonly ClientUse[] {
  return remember<readonly ClientUse[]>(facts, 'client uses', owner, () => collect(facts, owner), []);
}

function collect(facts: ProgramFacts, owner: FunctionNode): readonly ClientUse[] {
  const found: ClientUse[] = [];
  const visited = new Set<FunctionNode>();
  const look = (node: ts.Node): undefined => {
    if (ts.isExpression(node)) found.push(...directUses(facts, node, owner));
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
    const callee = calleeOf(facts, node);
    if (callee === null || callee === owner) return undefined;
    if (isInside(callee, owner)) {
      // A local function runs where it is called, and its names mean what they mean here.
      if (!visited.has(callee) && !visited.add(callee).has(owner)) forEachExecuted(facts, callee, look);
      return undefined;
    }
    if (ts.isCallExpression(node)) found.push(...usesThrough(facts, node, callee, owner));
    return undefined;
  };
  forEachExecuted(facts, owner, look);
  return found;
}

/** A client that stands here and is used: its query is sent, or it is handed to another function. */
function directUses(facts: ProgramFacts, node: ts.Expression, owner: FunctionNode): readonly ClientUse[] {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node) && !ts.isCallExpression(node)) return [];
  if (
    ts.isIdentifier(node) &&
    (ts.isPropertyAccessExpression(node.parent) ? node.parent.name === node : false)
  )
    return [];
  // Types are asked for last: of most nodes the syntax says that nothing is sent or handed over there.
  const top = chainFrom(node);
  const handed = top === node && ts.isCallExpression(node.parent) && node.parent.arguments.includes(node);
  if (top === node && !handed) return [];
  const client = clientOf(facts, node);
  if (client === null || isTransaction(client)) return [];
  if (handed ? !isHandedOn(facts, node.parent) : !isSent(facts, node, top, client)) return [];
  return rootsOf(facts, node, owner).map((root) => ({ node, root, client, through: [] }));
}

/** Handed to a function of the user's own that is not known to use it: said only where nothing better is known. */
function isHandedOn(facts: ProgramFacts, call: ts.CallExpression): boolean {
  return calleeOf(facts, call) === null && packageOfSymbol(symbolOf(facts, call.expression)) === null;
}

/** Whether the chain sends something: a builder that is only a piece of another query does not. */
function isSent(facts: ProgramFacts, node: ts.Expression, top: ts.Expression, client: ClientKind): boolean {
  const inside = ts.isTaggedTemplateExpression(top) || ts.isCallExpression(top);
  if (!inside) return false;
  if (client === 'postgres' || client === 'postgres-reserved') {
    if (ts.isTaggedTemplateExpression(top))
      return !ts.isTemplateSpan(top.parent) && fateOf(facts, top) !== 'given';
    const name = calledName(top);
    return (
      name !== null && /^(?:unsafe|begin|reserve|file|notify|listen|subscribe)$/.test(memberOf(node) ?? '')
    );
  }
  if (client === 'drizzle') {
    const member = memberOf(node);
    if (member === '$with' || member === '$client' || member === '_') return false;
    const calls = chainCalls(node, top);
    if (member === 'transaction' || member === 'execute') return true;
    if (calls.some((call) => /^(?:as|toSQL|getSQL|prepare)$/.test(calledName(call) ?? ''))) {
      return calls.some((call) => calledName(call) === 'execute');
    }
    return isDrizzleQuery(facts, top) && !isPiece(facts, top);
  }
  return true;
}

/** An argument of a builder, an operator or a fragment is part of that query. */
function isPiece(facts: ProgramFacts, top: ts.Expression): boolean {
  const fate = fateOf(facts, top);
  if (fate !== 'given') return false;
  const { parent } = top;
  if (ts.isTemplateSpan(parent)) return true;
  if (ts.isVariableDeclaration(parent)) return !isAwaitedLater(facts, parent);
  if (!ts.isCallExpression(parent)) return true;
  return !/^(?:all|allSettled|race|any|push|resolve)$/.test(calledName(parent) ?? '');
}

function isAwaitedLater(facts: ProgramFacts, declaration: ts.VariableDeclaration): boolean {
  const symbol = facts.checker.getSymbolAtLocation(declaration.name);
  const name = declaration.name.getText();
  let awaited = false;
  const visit = (node: ts.Node): void => {
    if (
      ts.isIdentifier(node) &&
      node !== declaration.name &&
      node.text === name &&
      facts.checker.getSymbolAtLocation(node) === symbol
    ) {
      const fate = fateOf(facts, chainFrom(node));
      if (fate === 'awaited' || fate === 'returned') awaited = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration.getSourceFile());
  return awaited;
}

/** What the client's chain names first. */
function memberOf(node: ts.Expression): string | null {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text;
  return ts.isNonNullExpression(parent) || ts.isParenthesizedExpression(parent) ? memberOf(parent) : null;
}

/** The calls of a chain, from the client outwards. */
export function chainCalls(node: ts.Expression, top: ts.Expression): readonly ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  for (let at: ts.Node = node; at !== top; at = at.parent) {
    if (ts.isCallExpression(at.parent) && at.parent.expression === at) calls.push(at.parent);
  }
  return calls;
}

/**
 * What a called function uses, seen from the call: each client once, because the paths to it through all that the
 * function calls multiply.
 */
function usesThrough(
  facts: ProgramFacts,
  call: ts.CallExpression,
  callee: FunctionNode,
  owner: FunctionNode,
): readonly ClientUse[] {
  const name = nameOf(call);
  const member = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : null;
  const found = new Map<string, ClientUse>();
  for (const { root: own, client, through } of clientUses(facts, callee)) {
    for (const root of rootsSeenFrom(facts, call, own, member, owner)) {
      const key = `${client} ${keyOf(root)}`;
      if (!found.has(key)) found.set(key, { node: call, root, client, through: [name, ...through] });
    }
  }
  return [...found.values()];
}

function keyOf(root: Root): string {
  if (root.kind === 'outside') return `outside ${root.name}`;
  if (root.kind !== 'parameter') return root.kind;
  const { index, key, fallback } = root.place;
  return `parameter ${index} ${key ?? ''} ${fallback?.pos ?? ''} ${root.fallback.map((one) => keyOf(one)).join()}`;
}

function rootsSeenFrom(
  facts: ProgramFacts,
  call: ts.CallExpression,
  root: Root,
  member: ts.Expression | null,
  owner: FunctionNode,
): readonly Root[] {
  if (root.kind === 'this') {
    if (member === null || member.kind === ts.SyntaxKind.SuperKeyword) return [root];
    return rootsOf(facts, member, owner);
  }
  if (root.kind !== 'parameter') return [root];
  const argument = argumentFor(call, root.place);
  if (argument === 'unseen') return [];
  return argument === null ? root.fallback : rootsOf(facts, argument, owner);
}

function nameOf(call: ts.CallExpression): string {
  return call.expression.getText().replaceAll(/\s+/g, '');
}
