/** What becomes of a value that has to be awaited: whether anybody waits for it. */
import { ts } from 'ts-morph';
import { referencesOf } from '../../source/references.js';
import { unwrap } from '../../source/nodes.js';
import { calleeOf } from './callees.js';
import { nodesOf, remember, type ProgramFacts } from './program-facts.js';

/**
 * awaited: also by `.then` and the like · returned: the caller gets it · given: an argument or part of a value whose
 * receiver may wait · dropped: nobody can wait for it · each: returned by a callback of forEach, which drops it.
 */
export type Fate = 'awaited' | 'returned' | 'given' | 'dropped' | 'each';

/** The outermost call or member of a chain (`db.select().from(t)`) that starts at `node`. */
export function chainFrom(node: ts.Expression): ts.Expression {
  let top: ts.Expression = node;
  for (;;) {
    const { parent } = top;
    const continued =
      ((ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
        parent.expression === top) ||
      (ts.isCallExpression(parent) && parent.expression === top) ||
      (ts.isTaggedTemplateExpression(parent) && parent.tag === top) ||
      ts.isNonNullExpression(parent) ||
      (ts.isParenthesizedExpression(parent) && isMember(parent.parent, parent));
    if (!continued) return top;
    if (isPromiseMethod(parent)) return top;
    top = parent;
  }
}

function isMember(node: ts.Node, object: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression === object;
}

function isPromiseMethod(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && /^(?:then|catch|finally)$/.test(node.name.text);
}

/** `node` is the whole chain. */
export function fateOf(facts: ProgramFacts, node: ts.Expression): Fate {
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return 'awaited';
  if (isPromiseMethod(parent)) return fateOfChained(parent);
  if (ts.isReturnStatement(parent) || ts.isYieldExpression(parent)) return 'returned';
  if (ts.isForOfStatement(parent) && parent.awaitModifier !== undefined) return 'awaited';
  if (ts.isArrowFunction(parent) && parent.body === node)
    return isEachCallback(facts, parent) ? 'each' : 'returned';
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return 'dropped';
  if (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent)
  )
    return fateOf(facts, parent);
  if (ts.isConditionalExpression(parent)) return parent.condition === node ? 'given' : fateOf(facts, parent);
  if (ts.isBinaryExpression(parent)) return fateOfOperand(facts, node, parent);
  if (ts.isVariableDeclaration(parent)) return fateOfVariable(facts, parent);
  if (ts.isArrayLiteralExpression(parent)) return fateOf(facts, parent) === 'dropped' ? 'dropped' : 'given';
  if (ts.isCallExpression(parent) && parent.arguments.includes(node)) return fateOfArgument(facts, parent);
  return 'given';
}

/** A chained promise is waited for by its handler; what the handler gives may still be dropped on purpose. */
function fateOfChained(_method: ts.Node): Fate {
  return 'awaited';
}

function fateOfOperand(facts: ProgramFacts, node: ts.Expression, parent: ts.BinaryExpression): Fate {
  const operator = parent.operatorToken.kind;
  const last = operator === ts.SyntaxKind.CommaToken ? parent.right === node : true;
  if (!last) return 'dropped';
  const passes =
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.CommaToken;
  return passes && parent.right === node ? fateOf(facts, parent) : 'given';
}

/** A variable that nobody reads drops its value. Whatever reads it may wait. */
function fateOfVariable(facts: ProgramFacts, declaration: ts.VariableDeclaration): Fate {
  if (!ts.isIdentifier(declaration.name)) return 'given';
  const { references, exported } = referencesOf(facts.checker, declaration.name);
  if (exported) return 'given';
  if (references.length === 0) return 'dropped';
  return references.some((one) => {
    const top = chainFrom(one);
    return fateOf(facts, top) !== 'dropped' || top !== one;
  })
    ? 'given'
    : 'dropped';
}

function fateOfArgument(facts: ProgramFacts, call: ts.CallExpression): Fate {
  const name = calledName(call);
  const combinator =
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.expression.getText() === 'Promise' &&
    /^(?:all|allSettled|race|any)$/.test(name ?? '');
  return combinator ? fateOf(facts, call) : 'given';
}

/** The member that a call names, or the name of the function. */
export function calledName(call: ts.CallExpression): string | null {
  const callee = unwrap(call.expression);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : null;
}

/** The object whose method is called. */
export function receiverOf(call: ts.CallExpression): ts.Expression | null {
  const callee = unwrap(call.expression);
  return ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)
    ? callee.expression
    : null;
}

/** Whether the function is what a list's own forEach runs. */
export function isEachCallback(facts: ProgramFacts, node: ts.Node): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node || calledName(call) !== 'forEach')
    return false;
  return calleeOf(facts, call) === null;
}

/** The Drizzle chain that a call or member ends, when awaiting it sends a query. */
export function isDrizzleQuery(facts: ProgramFacts, node: ts.Expression): boolean {
  const type = facts.checker.getTypeAtLocation(node);
  return typesOf(type).some((one) => {
    const then = one.getProperty('then');
    return (
      then?.declarations?.some((it) => /\/drizzle-orm[^/]*\//.test(it.getSourceFile().fileName)) === true
    );
  });
}

function typesOf(type: ts.Type): readonly ts.Type[] {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return [];
  return type.isUnion() ? type.types : [type];
}

/** The tops of all chains of a file that are Drizzle queries. */
export function drizzleQueries(facts: ProgramFacts, file: ts.SourceFile): readonly ts.CallExpression[] {
  return remember(facts, 'drizzle queries', file, () =>
    nodesOf(facts, file).calls.filter((call) => chainFrom(call) === call && isDrizzleQuery(facts, call)),
  );
}
