/** What sends SQL, by syntax: `.execute(…)`, `.query(…)`, `.unsafe(…)`, an awaited tag, or nothing that is known. */
import { ts } from 'ts-morph';
import { holeOf } from './assemble-sql.js';
import type { Hole, Sender, SiteRefusal } from './call-site.js';
import { findConstant, propertyKey, unwrap } from './find-constant.js';
import { isSqlTag } from './sql-tag.js';

export interface SentSql {
  readonly sender: Sender;
  /** The sending call or tag. */
  readonly node: ts.Expression;
  readonly text: ts.Expression;
  /** A call sends at once; a tag when it is awaited, which may happen elsewhere. */
  readonly awaited: boolean;
  /** Values of `query(text, values)`; null when the text carries its own. */
  readonly values: readonly Hole[] | null;
  readonly refusal: SiteRefusal | null;
}

/** A call that sends its argument as SQL, or null. The argument may still turn out not to be SQL. */
export function readSender(node: ts.CallExpression): SentSql | null {
  const callee = unwrap(node.expression);
  const method = methodName(callee);
  const [first] = node.arguments;
  if (method === null || first === undefined) return null;
  const { name, receiver } = method;
  if (name === 'execute') return readExecute(node, receiver, first);
  if (name === 'query') return readQuery(node, receiver, first);
  if (name === 'unsafe' && isSqlTag(receiver) && !isFragment(node)) {
    return { ...readQuery(node, receiver, first), sender: senderOf('tag', receiver) };
  }
  return null;
}

/** Object and name of `object.name` or `object['name']`. */
export function methodName(
  callee: ts.Expression,
): { readonly name: string; readonly receiver: ts.Expression } | null {
  if (ts.isPropertyAccessExpression(callee)) return { name: callee.name.text, receiver: callee.expression };
  if (ts.isElementAccessExpression(callee) && ts.isStringLiteralLike(callee.argumentExpression)) {
    return { name: callee.argumentExpression.text, receiver: callee.expression };
  }
  return null;
}

export function senderOf(form: Sender['form'], receiver: ts.Expression): Sender {
  return {
    form,
    receiver: { start: receiver.getStart(), end: receiver.end },
    receiverText: receiver.getText(),
  };
}

function readExecute(node: ts.CallExpression, receiver: ts.Expression, text: ts.Expression): SentSql {
  const extra = node.arguments.length > 1;
  const refusal: SiteRefusal | null = extra
    ? { reason: 'no-client', detail: `${node.expression.getText()}(…) takes more than the statement` }
    : null;
  return {
    sender: senderOf('execute', receiver),
    node,
    text,
    awaited: true,
    values: extra ? [] : null,
    refusal,
  };
}

function readQuery(node: ts.CallExpression, receiver: ts.Expression, first: ts.Expression): SentSql {
  const base = { sender: senderOf('query', receiver), node, awaited: true };
  const rest = node.arguments.slice(1);
  const object = objectLiteral(first);
  if (object !== null) return { ...base, ...readQueryObject(object, first), ...callbackIn(rest) };
  const values = rest[0] !== undefined && !isFunction(rest[0]) ? readValues(rest[0]) : null;
  if (values === 'unseen') {
    return {
      ...base,
      text: first,
      values: [],
      refusal: { reason: 'call-parse-error', detail: unseen(rest[0]) },
    };
  }
  return { ...base, text: first, values, refusal: null, ...callbackIn(rest) };
}

function readQueryObject(
  object: ts.ObjectLiteralExpression,
  whole: ts.Expression,
): Pick<SentSql, 'text' | 'values' | 'refusal'> {
  const entries = new Map<string, ts.Expression>();
  for (const property of object.properties) {
    if (ts.isShorthandPropertyAssignment(property)) entries.set(property.name.text, property.name);
    else if (ts.isPropertyAssignment(property))
      entries.set(propertyKey(property.name) ?? '', property.initializer);
  }
  const list = entries.get('values');
  // An object that is made elsewhere is read where the call is: its values may have been made long before.
  const place = unwrap(whole) === object ? null : `${whole.getText()}.values`;
  const values = list === undefined ? null : readValues(list, place);
  const changing = ['rowMode', 'types'].find((key) => entries.has(key));
  const text = entries.get('text') ?? whole;
  if (values === 'unseen')
    return { text, values: [], refusal: { reason: 'call-parse-error', detail: unseen(list) } };
  if (changing === undefined) return { text, values, refusal: null };
  return {
    text,
    values,
    refusal: { reason: 'response-metadata', detail: `\`${changing}\` changes the result` },
  };
}

/** The elements of an array written here or in a constant of this file; `place` is what the code calls the array. */
function readValues(expression: ts.Expression, place: string | null = null): readonly Hole[] | 'unseen' {
  const node = unwrap(expression);
  const constant = ts.isArrayLiteralExpression(node) ? null : findConstant(node);
  const list = constant === null ? node : unwrap(constant);
  if (!ts.isArrayLiteralExpression(list) || list.elements.some((one) => ts.isSpreadElement(one)))
    return 'unseen';
  const array = place ?? (constant === null ? null : node.getText());
  return list.elements.map((element, index) =>
    array === null ? holeOf(element, index + 1) : holeOf(element, index + 1, `${array}[${String(index)}]`),
  );
}

function unseen(expression: ts.Expression | undefined): string {
  return `the values (\`${expression?.getText() ?? ''}\`) are not an array that is written in this file`;
}

function objectLiteral(expression: ts.Expression): ts.ObjectLiteralExpression | null {
  const node = unwrap(expression);
  const object = ts.isIdentifier(node) ? unwrap(findConstant(node) ?? node) : node;
  return ts.isObjectLiteralExpression(object) ? object : null;
}

function callbackIn(rest: readonly ts.Expression[]): { readonly refusal?: SiteRefusal } {
  if (!rest.some(isFunction)) return {};
  return { refusal: { reason: 'response-metadata', detail: 'a callback takes the response' } };
}

function isFunction(expression: ts.Expression): boolean {
  const node = unwrap(expression);
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** A call in `${…}` of a template is a piece of that template. */
function isFragment(node: ts.Node): boolean {
  return ts.isTemplateSpan(node.parent);
}
