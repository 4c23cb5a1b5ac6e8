/** What becomes of the answer `{ data, error, status, … }` to a request, of which the rewriting gives two fields. */
import { ts } from 'ts-morph';
import { wrapped } from '../source/nodes.js';
import type { SiteRefusal } from './call-site.js';
import { foldRethrow } from './fold-rethrow.js';
import { declaredName } from './followed-result.js';
import type { TextEdit } from './result-use.js';

export interface FollowedAnswer {
  /** Nothing reads `data`. */
  readonly unread: boolean;
  readonly declares: string | null;
  /** Set when the request may reject and give its data alone, with what else changes then. */
  readonly edits?: readonly TextEdit[];
}

/** @param one The request is one of several requests that the same place may send, which all have to answer alike. */
export function followAnswer(
  checker: ts.TypeChecker,
  request: ts.Expression,
  failure: 'answer' | 'thrown',
  one = false,
): FollowedAnswer | SiteRefusal {
  const outer = wrapped(request);
  const { parent } = outer;
  if (ts.isConditionalExpression(parent) && parent.condition !== outer)
    return followAnswer(checker, parent, failure, true);
  if (ts.isAwaitExpression(parent)) {
    const folded = one ? null : foldRethrow(checker, parent, failure === 'thrown');
    return folded ?? followAwaited(checker, parent);
  }
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) {
    return { reason: 'never-sent', detail: `${parent.getText()} has no await.` };
  }
  if (ts.isArrowFunction(parent) && isForEachCallback(parent)) {
    return { reason: 'never-sent', detail: 'forEach drops what its callback returns.' };
  }
  if (ts.isArrayLiteralExpression(parent)) return followList(checker, parent, outer);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === outer) {
    return followThen(checker, parent);
  }
  const how = failure === 'thrown' ? 'The request' : 'The un-awaited request';
  return { reason: 'builder-escapes', detail: `${how} is stored, passed on or returned.` };
}

const kept: FollowedAnswer = { unread: false, declares: null };

function followAwaited(checker: ts.TypeChecker, awaited: ts.Expression): FollowedAnswer | SiteRefusal {
  const outer = wrapped(awaited);
  const { parent } = outer;
  if (ts.isExpressionStatement(parent)) return { unread: true, declares: null };
  if (ts.isPropertyAccessExpression(parent) && parent.expression === outer) {
    return ofFields([parent.name.text]);
  }
  if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
    return followBinding(checker, parent.name);
  }
  const assigned = assignedPattern(parent, outer);
  if (assigned !== null) return assigned;
  return escapes(awaited);
}

/** The names that a declaration or a callback gives to the answer or to its fields. */
function followBinding(checker: ts.TypeChecker, name: ts.BindingName): FollowedAnswer | SiteRefusal {
  if (ts.isIdentifier(name)) return followVariable(checker, name);
  if (ts.isArrayBindingPattern(name)) return escapes(name);
  const fields: string[] = [];
  for (const element of name.elements) {
    const key = element.propertyName ?? element.name;
    if (element.dotDotDotToken !== undefined || !ts.isIdentifier(key)) return escapes(name);
    fields.push(key.text);
  }
  const read = ofFields(fields);
  return 'reason' in read ? read : { ...read, declares: declaredName(name) };
}

function followVariable(checker: ts.TypeChecker, name: ts.Identifier): FollowedAnswer | SiteRefusal {
  const symbol = checker.getSymbolAtLocation(name);
  const fields: string[] = [];
  let other: ts.Node | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text) {
      const shorthand = ts.isShorthandPropertyAssignment(node.parent);
      const meant = shorthand
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      if (meant === symbol) {
        const { parent } = node;
        if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
          fields.push(parent.name.text);
        else if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
          const read = followBinding(checker, parent.name);
          if ('reason' in read) other = node;
          else if (!read.unread) fields.push('data');
        } else other = node;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  if (other !== null) return escapes(other);
  const read = ofFields(fields);
  return 'reason' in read ? read : { ...read, declares: name.text };
}

/** `[a, b] = await Promise.all([request, …])` and the like: each name is followed by itself. */
function followList(
  checker: ts.TypeChecker,
  list: ts.ArrayLiteralExpression,
  element: ts.Node,
): FollowedAnswer | SiteRefusal {
  const call = list.parent;
  if (!ts.isCallExpression(call) || !/^Promise\.all$/.test(call.expression.getText())) return escapes(list);
  const awaited = wrapped(call).parent;
  const index = list.elements.findIndex((one) => one === element);
  if (!ts.isAwaitExpression(awaited)) return escapes(call);
  const { parent } = wrapped(awaited);
  if (ts.isExpressionStatement(parent)) return { unread: true, declares: null };
  if (!ts.isVariableDeclaration(parent) || !ts.isArrayBindingPattern(parent.name)) return escapes(awaited);
  const bound = parent.name.elements[index];
  if (bound === undefined || ts.isOmittedExpression(bound)) return { unread: true, declares: null };
  return bound.dotDotDotToken === undefined ? followBinding(checker, bound.name) : escapes(bound);
}

/** `.then(({ data }) => …)`. */
function followThen(
  checker: ts.TypeChecker,
  access: ts.PropertyAccessExpression,
): FollowedAnswer | SiteRefusal {
  const call = access.parent;
  if (!ts.isCallExpression(call) || access.name.text !== 'then') return escapes(access);
  const [callback] = call.arguments;
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) {
    return escapes(access);
  }
  const [parameter] = callback.parameters;
  return parameter === undefined ? { unread: true, declares: null } : followBinding(checker, parameter.name);
}

/** `({ data, error } = await request)`. */
function assignedPattern(parent: ts.Node, value: ts.Node): FollowedAnswer | SiteRefusal | null {
  if (!ts.isBinaryExpression(parent) || parent.right !== value) return null;
  if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return null;
  if (!ts.isObjectLiteralExpression(parent.left)) return null;
  return ofFields(parent.left.properties.map((one) => one.name?.getText() ?? '…'));
}

function ofFields(fields: readonly string[]): FollowedAnswer | SiteRefusal {
  const other = fields.find((field) => field !== 'data' && field !== 'error');
  if (other !== undefined) return { reason: 'response-metadata', detail: `The code reads ${other}.` };
  return { ...kept, unread: !fields.includes('data') };
}

function escapes(node: ts.Node): SiteRefusal {
  const shown = node.getText().split('\n')[0] ?? '';
  return { reason: 'response-metadata', detail: `The whole response is passed on: ${shown}` };
}

function isForEachCallback(callback: ts.ArrowFunction): boolean {
  const { parent } = callback;
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === 'forEach'
  );
}
