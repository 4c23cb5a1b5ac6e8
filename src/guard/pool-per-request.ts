/** A pool is made once per request, event or method call. */
import { ts } from 'ts-morph';
import { unwrap, wrapped } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { constructionOf, constructionsIn } from './facts/constructions.js';
import { handlerAround } from './facts/handlers.js';
import { constantOf } from './facts/sql-text.js';
import {
  functionAround,
  nodesOf,
  remember,
  type FunctionNode,
  type ProgramFacts,
} from './facts/program-facts.js';

export const poolPerRequest: Rule = {
  id: 'pool-per-request',
  severity: 'error',
  title: 'A pool is made anew for each request',
  *check({ file, facts }): Iterable<Problem> {
    for (const { node, kind, url } of constructionsIn(facts, file)) {
      if (kind !== 'pg-client' && handlerAround(node) !== null && !isKept(node) && !isHyperdrive(facts, url))
        yield { node, message, help };
    }
    for (const call of nodesOf(facts, file).calls) {
      if (constructionOf(facts, call) !== null || handlerAround(call) === null || isKept(call)) continue;
      const callee = calleeOf(facts, call);
      if (callee !== null && makesPool(facts, callee)) yield { node: call, message, help };
    }
  },
};

/** Whether each call of the function makes a pool. */
function makesPool(facts: ProgramFacts, owner: FunctionNode): boolean {
  return remember(
    facts,
    'makes a pool',
    owner,
    () => {
      let found = false;
      const visit = (node: ts.Node): void => {
        if (found || (ts.isFunctionLike(node) && node !== owner)) return;
        if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
          const construction = constructionOf(facts, node);
          if (construction !== null && construction.kind !== 'pg-client' && !isKept(node))
            found ||= !isHyperdrive(facts, construction.url);
          const callee = construction === null && ts.isCallExpression(node) ? calleeOf(facts, node) : null;
          if (callee !== null && callee !== owner && !isKept(node) && makesPool(facts, callee)) found = true;
        }
        ts.forEachChild(node, visit);
      };
      visit(owner.body);
      return found;
    },
    false,
  );
}

/** A Worker may not keep a connection between requests; Hyperdrive keeps them for it, and names its URL. */
function isHyperdrive(facts: ProgramFacts, url: ts.Expression | null, depth = 0): boolean {
  if (url === null || depth > 4) return false;
  const inner = unwrap(url);
  if (/\bHYPERDRIVE\b/i.test(inner.getText())) return true;
  if (ts.isPropertyAccessExpression(inner)) {
    const type = facts.checker.getTypeAtLocation(inner.expression);
    if (type.getSymbol()?.name === 'Hyperdrive') return true;
  }
  const callee = ts.isCallExpression(inner) ? calleeOf(facts, inner) : null;
  if (callee !== null) return /\bHYPERDRIVE\b/i.test(callee.body.getText());
  const constant = constantOf(facts, inner);
  return constant !== null && isHyperdrive(facts, constant, depth + 1);
}

/** Stored where the next call finds it, or made only when that place is empty. */
function isKept(node: ts.Node): boolean {
  const value = wrapped(node as ts.Expression);
  const owner = functionAround(node);
  const { parent } = value;
  if (owner === null) return true;
  if (ts.isBinaryExpression(parent) && parent.right === value) {
    const target = parent.left;
    const operator = parent.operatorToken.kind;
    if (
      operator === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      operator === ts.SyntaxKind.BarBarEqualsToken
    )
      return true;
    if (operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken)
      return true;
    if (operator === ts.SyntaxKind.EqualsToken) return isGuarded(node, owner, target.getText());
  }
  if (
    ts.isCallExpression(parent) &&
    /^(?:set|memoize|once|cache|singleton|lazy)$/.test(parent.expression.getText().split('.').at(-1) ?? '')
  )
    return true;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return isKept(parent);
  // `const made = new Pool(); cache.set(key, made); cached = made`: kept under another name.
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    const name = parent.name.text;
    const text = owner.body.getText();
    if (
      new RegExp(
        `(?:\\.set\\([^;]*\\b${name}\\b|(?:globalThis|global|this)[\\w.[\\]'"]*\\s*=\\s*${name}\\b)`,
      ).test(text)
    )
      return true;
    const kept = new RegExp(`(?:^|[;{}\\s])(\\w+)\\s*=\\s*${name}\\b`).exec(text);
    return kept?.[1] !== undefined && isGuarded(node, owner, kept[1]);
  }
  return false;
}

/** An assignment to something outside the function, behind a test of it. */
function isGuarded(node: ts.Node, owner: FunctionNode, target: string): boolean {
  const before = owner.body.getText().slice(0, node.getStart() - owner.body.getStart());
  const escaped = target.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return new RegExp(`\\bif\\s*\\([^)]*${escaped}\\b`).test(before);
}

const message =
  'Each call makes a pool of its own: without a pooler the server runs out of connections (53300) after a few hundred requests, with one each pool still opens and logs in anew.';
const help =
  'Make one pool at module level (or keep it on globalThis), hand it down, and end it at shutdown.';
