/** A client is checked out of a pool, and some way out of the function does not give it back. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import { referencesOf } from '../source/references.js';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { clientOf } from './facts/clients.js';
import { calledName, receiverOf } from './facts/fate.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { findHeldPaths } from './facts/held-paths.js';

export const clientNotReleased: Rule = {
  id: 'client-not-released',
  severity: 'error',
  title: 'A client that was checked out of a pool is not released on every way out',
  *check({ file, facts }): Iterable<Problem> {
    for (const call of nodesOf(facts, file).calls) {
      if (!isCheckout(facts, call)) continue;
      const way = keptBy(facts, call);
      if (way !== null) yield { node: call, message: `${way}: ${effect}`, help };
    }
  },
};

function isCheckout(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const receiver = receiverOf(call);
  if (receiver === null) return false;
  const name = calledName(call);
  const kind = name === 'connect' || name === 'reserve' ? clientOf(facts, receiver) : null;
  return (kind === 'pg-pool' && name === 'connect') || (kind === 'postgres' && name === 'reserve');
}

/** Which way out keeps the client, as a phrase; null when none does or nobody can tell. */
function keptBy(facts: ProgramFacts, call: ts.CallExpression): string | null {
  const [callback] = call.arguments;
  if (callback !== undefined) return keptByCallback(callback);
  const parent = call.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === 'then')
    return /release|finally/.test(ts.findAncestor(parent, ts.isStatement)?.getText() ?? 'release')
      ? null
      : never;
  if (!ts.isAwaitExpression(parent)) return ts.isExpressionStatement(parent) ? never : null;
  const holder = outermost(parent);
  if (ts.isExpressionStatement(holder.parent)) return never;
  if (ts.isPropertyAccessExpression(holder.parent))
    return holder.parent.name.text === 'release' ? null : never;
  const name = holderName(holder);
  if (name === null) return null;
  const { references, exported } = referencesOf(facts.checker, name);
  const declaration = ts.findAncestor(name, ts.isVariableDeclarationList);
  const using = declaration !== undefined && (declaration.flags & ts.NodeFlags.Using) !== 0;
  if (exported || using || references.some((one) => isHandedOn(one))) return null;
  const releases = (node: ts.Node): boolean =>
    references.some((one) => releasesAt(facts, one) && contains(node, one));
  if (!references.some((one) => releasesAt(facts, one))) return never;
  return findHeldPaths(holder, releases);
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return inner.pos >= outer.pos && inner.end <= outer.end;
}

function outermost(node: ts.Expression): ts.Expression {
  const { parent } = node;
  return ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent)
    ? outermost(parent)
    : node;
}

/** The variable that gets the client. */
function holderName(holder: ts.Expression): ts.Identifier | null {
  const { parent } = holder;
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name) ? parent.name : null;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  const target = unwrap(parent.left);
  return ts.isIdentifier(target) ? target : null;
}

/** `client.release()`, `release(client)`-like helpers, and `client.release` handed on. */
function releasesAt(facts: ProgramFacts, reference: ts.Identifier): boolean {
  let { parent }: { parent: ts.Node } = reference;
  if (ts.isNonNullExpression(parent)) parent = parent.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'release';
  if (!ts.isCallExpression(parent)) return false;
  const callee = calleeOf(facts, parent);
  const index = parent.arguments.indexOf(reference);
  const name = index < 0 ? undefined : callee?.parameters[index]?.name.getText();
  return (
    name !== undefined &&
    callee !== null &&
    new RegExp(`\\b${name}\\??\\.release\\s*\\(`).test(callee.body.getText())
  );
}

/** Returned, stored or given to an object: another part of the program has to release it. */
function isHandedOn(reference: ts.Identifier): boolean {
  const { parent } = reference;
  return (
    ts.isReturnStatement(parent) ||
    ts.isNewExpression(parent) ||
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === reference) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isYieldExpression(parent) ||
    (ts.isArrowFunction(parent) && parent.body === reference) ||
    (ts.isBinaryExpression(parent) &&
      parent.right === reference &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) ||
    (ts.isCallExpression(parent) && /^(?:push|add|set|resolve)$/.test(calledName(parent) ?? ''))
  );
}

/** `pool.connect((error, client, release) => …)`. */
function keptByCallback(callback: ts.Expression): string | null {
  const inner = unwrap(callback);
  if (!ts.isArrowFunction(inner) && !ts.isFunctionExpression(inner)) return null;
  const release = inner.parameters[2]?.name.getText();
  const text = inner.body.getText();
  if (release !== undefined && new RegExp(`\\b${release}\\b`).test(text)) return null;
  return /\.release\b/.test(text) ? null : never;
}

const never = 'Nothing releases this client';
const effect =
  'each time this happens the pool has one client less, and with an open transaction its locks stay; when all are gone every request waits for ever.';
const help =
  'Release it in a `finally` that begins right after the checkout: `const client = await pool.connect(); try { … } finally { client.release(); }`.';
