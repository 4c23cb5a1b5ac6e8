/** Where a client comes from, as the function that uses it sees it: a parameter, itself, or what lies outside. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { argumentFor, calleeOf, parameterPlace, type ParameterPlace } from './callees.js';
import { clientOf } from './clients.js';
import { isInside, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';

/**
 * parameter: whoever calls decides, `fallback` when it gives none · this: the object whose method this is ·
 * outside: a module's or an enclosing function's own client · unknown: made here, or not to be told.
 */
export type Root =
  | { readonly kind: 'parameter'; readonly place: ParameterPlace; readonly fallback: readonly Root[] }
  | { readonly kind: 'this' }
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'unknown' };

const unknown: readonly Root[] = [{ kind: 'unknown' }];

/** The roots of an expression inside `owner` (or a function nested in it that runs now). */
export function rootsOf(
  facts: ProgramFacts,
  node: ts.Expression,
  owner: FunctionNode,
  depth = 0,
): readonly Root[] {
  const inner = unwrap(node);
  if (depth > 12) return unknown;
  if (inner.kind === ts.SyntaxKind.ThisKeyword) {
    // An arrow function has the object of the function around it; there it lies outside.
    return ts.isArrowFunction(owner) ? [{ kind: 'outside', name: 'this' }] : [{ kind: 'this' }];
  }
  if (ts.isAwaitExpression(inner)) return rootsOf(facts, inner.expression, owner, depth + 1);
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    const roots = rootsOf(facts, inner.expression, owner, depth + 1);
    return roots.map((root) => (root.kind === 'outside' ? { ...root, name: inner.getText() } : root));
  }
  if (ts.isBinaryExpression(inner)) {
    const either =
      inner.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
      inner.operatorToken.kind === ts.SyntaxKind.BarBarToken;
    if (!either) return unknown;
    const right = rootsOf(facts, inner.right, owner, depth + 1);
    return rootsOf(facts, inner.left, owner, depth + 1).map((root) =>
      root.kind === 'parameter' ? { ...root, fallback: right } : root,
    );
  }
  if (ts.isConditionalExpression(inner)) {
    const sides = [inner.whenTrue, inner.whenFalse].map((one) => rootsOf(facts, one, owner, depth + 1));
    const parameter = sides.flat().find((root) => root.kind === 'parameter');
    const rest = sides.flat().filter((root) => root.kind !== 'parameter');
    return parameter === undefined ? rest : [{ ...parameter, fallback: rest }];
  }
  if (ts.isCallExpression(inner)) return rootsOfCall(facts, inner, owner, depth);
  return ts.isIdentifier(inner) ? rootsOfName(facts, inner, owner, depth) : unknown;
}

function rootsOfName(
  facts: ProgramFacts,
  name: ts.Identifier,
  owner: FunctionNode,
  depth: number,
): readonly Root[] {
  let symbol = facts.checker.getSymbolAtLocation(name);
  if (symbol !== undefined && ts.isShorthandPropertyAssignment(name.parent))
    symbol = facts.checker.getShorthandAssignmentValueSymbol(name.parent);
  const declaration = symbol?.valueDeclaration ?? symbol?.declarations?.[0];
  if (declaration === undefined) return unknown;
  if (!isInside(declaration, owner) || declaration === owner) return outside(facts, name, depth);
  const place = parameterPlace(owner, declaration);
  if (place !== null) {
    const fallback = place.fallback === null ? [] : rootsOf(facts, place.fallback, owner, depth + 1);
    return [{ kind: 'parameter', place, fallback }];
  }
  // A parameter of a nested function gets its value from a call that runs here: a savepoint, an item of a list.
  if (!ts.isVariableDeclaration(declaration)) return fromPattern(facts, declaration, owner, depth);
  if (declaration.initializer === undefined) return unknown;
  return rootsOf(facts, declaration.initializer, owner, depth + 1);
}

/** `const { db } = this` and the like. */
function fromPattern(
  facts: ProgramFacts,
  declaration: ts.Declaration,
  owner: FunctionNode,
  depth: number,
): readonly Root[] {
  if (!ts.isBindingElement(declaration)) return unknown;
  const variable = ts.findAncestor(declaration, ts.isVariableDeclaration);
  return variable?.initializer === undefined || !isInside(variable, owner)
    ? unknown
    : rootsOf(facts, variable.initializer, owner, depth + 1);
}

/** A name from outside is outside, unless it is a variable that was set to what a store of the async context holds. */
function outside(facts: ProgramFacts, name: ts.Identifier, _depth: number): readonly Root[] {
  return isContextual(facts, name) ? unknown : [{ kind: 'outside', name: name.text }];
}

/** `getDb()`: outside, unless an argument decides or the async context is asked. */
function rootsOfCall(
  facts: ProgramFacts,
  call: ts.CallExpression,
  owner: FunctionNode,
  depth: number,
): readonly Root[] {
  const callee = calleeOf(facts, call);
  const member = ts.isPropertyAccessExpression(call.expression) ? call.expression : null;
  // pool.connect(), tx.with(cte): what a client's own method gives is used with that client, which is told there.
  if (member !== null && clientOf(facts, member.expression) !== null) return unknown;
  if (callee === null || asksContext(facts, callee)) return unknown;
  const returned = returnedExpressions(callee);
  return returned.flatMap((one) =>
    rootsOf(facts, one, callee, depth + 1).flatMap((root): readonly Root[] => {
      if (root.kind === 'this')
        return member === null ? unknown : rootsOf(facts, member.expression, owner, depth + 1);
      if (root.kind !== 'parameter') return [root];
      const argument = argumentFor(call, root.place);
      if (argument === 'unseen') return unknown;
      return argument === null ? root.fallback : rootsOf(facts, argument, owner, depth + 1);
    }),
  );
}

function returnedExpressions(owner: FunctionNode): readonly ts.Expression[] {
  if (!ts.isBlock(owner.body)) return [owner.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(owner.body);
  return found;
}

function asksContext(facts: ProgramFacts, owner: FunctionNode): boolean {
  return remember(facts, 'asks context', owner, () =>
    /\.getStore\s*\(|\bcls\.get\s*\(/.test(owner.getText()),
  );
}

/** A getter or a proxy whose client comes from the async context. */
function isContextual(facts: ProgramFacts, name: ts.Identifier): boolean {
  const symbol = facts.checker.getSymbolAtLocation(name);
  const real =
    symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
      ? facts.checker.getAliasedSymbol(symbol)
      : symbol;
  const declaration = real?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const initializer = declaration.initializer;
  return (
    initializer !== undefined &&
    ts.isNewExpression(unwrap(initializer)) &&
    /^new\s+Proxy\b/.test(unwrap(initializer).getText()) &&
    /getStore\s*\(/.test(initializer.getText())
  );
}
