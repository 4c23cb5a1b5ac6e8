/** Template tags that send what they hold, as postgres.js does. */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';
import { unwrap } from './find-constant.js';
import { senderOf, type SentSql } from './sql-sender.js';
import { isSqlTag, tagOrigin } from './sql-tag.js';

/** A template that is a statement of its own: postgres.js sends it when it is awaited. */
export function readSendingTag(node: ts.TaggedTemplateExpression): SentSql | null {
  const origin = tagOrigin(node.tag);
  const chain = chainOf(node);
  const awaited = isAwaited(chain.end);
  const unknownTag = origin === 'unknown' && ts.isIdentifier(node.tag) && isSqlTag(node.tag);
  if (origin !== 'postgres' && !(unknownTag && awaited)) return null;
  const changing = chain.methods.find((method) =>
    /^(?:raw|values|cursor|forEach|stream|describe|readable)$/.test(method),
  );
  const refusal: SiteRefusal | null =
    changing === undefined
      ? null
      : { reason: 'response-metadata', detail: `.${changing}() changes the result` };
  return { sender: senderOf('tag', node.tag), node, text: node, awaited, values: null, refusal };
}

/** Follows `.then(…)`, `.values()` and the like from a template to the end of the chain. */
function chainOf(node: ts.Expression): { readonly end: ts.Expression; readonly methods: readonly string[] } {
  const methods: string[] = [];
  let end: ts.Expression = node;
  while (
    ts.isPropertyAccessExpression(end.parent) &&
    end.parent.expression === end &&
    ts.isCallExpression(end.parent.parent)
  ) {
    methods.push(end.parent.name.text);
    end = end.parent.parent;
  }
  return { end, methods };
}

/** Awaited, returned, the body of an arrow function, iterated, or one of the elements of `Promise.all`. */
function isAwaited(expression: ts.Expression): boolean {
  let node: ts.Expression = expression;
  while (node.parent !== undefined && ts.isExpression(node.parent) && unwrap(node.parent) === unwrap(node)) {
    node = node.parent;
  }
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isExpressionStatement(parent))
    return true;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isForOfStatement(parent)) return parent.awaitModifier !== undefined;
  return ts.isArrayLiteralExpression(parent) && /^Promise\.\w+\($/.test(textBefore(parent));
}

function textBefore(node: ts.Node): string {
  return ts.isCallExpression(node.parent) ? `${node.parent.expression.getText()}(` : '';
}
