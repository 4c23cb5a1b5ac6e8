/** `list.forEach((item) => …)` as a loop that waits for each item. */
import j, { type ASTNode } from 'jscodeshift';
import { indentAt, indentUnit } from './layout.ts';
import { rangeOf, type Source } from './open-source.ts';
import { functionAround, methodCall } from './syntax.ts';

/** The loop, or the reason for not writing one. */
export function loopOf(source: Source, call: ASTNode, callback: ASTNode): { readonly text: string } | string {
  const list = methodCall(call)?.object;
  if (list === undefined || !j.ArrowFunctionExpression.check(callback))
    return 'its callback is not written here';
  const [item, ...others] = callback.params;
  if (item === undefined || others.length > 0) return 'its callback takes more than the item';
  const head = `for (const ${withoutType(source, item)} of ${source.textOf(list)})`;
  if (!j.BlockStatement.check(callback.body)) {
    const indent = indentAt(source, rangeOf(call).start);
    const inner = source.textOf(callback.body);
    const text = `${head} {${source.eol}${indent}${indentUnit(source, indent)}await ${inner};${source.eol}${indent}}`;
    return { text };
  }
  const returns = j(callback.body)
    .find(j.ReturnStatement)
    .paths()
    .some((path) => functionAround(path) === null);
  if (returns) return 'its callback returns early';
  return { text: `${head} ${source.textOf(callback.body)}` };
}

function withoutType(source: Source, parameter: ASTNode): string {
  const annotation = (parameter as { readonly typeAnnotation?: ASTNode | null }).typeAnnotation;
  if (annotation == null) return source.textOf(parameter);
  return source.text.slice(rangeOf(parameter).start, rangeOf(annotation).start);
}
