/**
 * A query or transaction that nobody waits for is awaited, where `await` may stand. `list.forEach` becomes a loop, when
 * it is known that list is an array. Alone it knows Drizzle's own chains and the clients that the file makes.
 */
import j, { type API, type ASTNode, type ASTPath, type FileInfo, type Options } from 'jscodeshift';
import { type Client, clientAt, clientsIn, drizzleTag, isDrizzleChain } from './shared/clients.ts';
import { loopOf } from './shared/loop-of.ts';
import { insert, openSource, rangeOf, replace, type Source } from './shared/open-source.ts';
import { canAwait, functionAround, methodCall, parentOf } from './shared/syntax.ts';

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const clients = clientsIn(source);
  const usesDrizzle = /['"]drizzle-orm(?:\/[\w-]+)?['"]/.test(source.text);
  const waited = new Set<ASTNode>();
  for (const path of source.root.find(j.CallExpression).paths()) {
    if (source.asked(path.node) === null) continue;
    if (!source.known && !(usesDrizzle && isQuery(source, path.node, clients))) continue;
    const call = methodCall(path.node);
    if (call?.name === 'forEach' && source.known) loop(source, path, call.args[0]);
    else if (isMember(path)) continue;
    else wait(source, path, waited);
  }
  return source.result();
}

/** The call goes on: `db.select()` of `db.select().from(t)`. */
function isMember(path: ASTPath): boolean {
  const parent = parentOf(path)?.node;
  return j.MemberExpression.check(parent) && parent.object === path.node;
}

function isQuery(source: Source, node: ASTNode, clients: ReadonlyMap<string, Client>): boolean {
  if (isDrizzleChain(node)) return true;
  const call = methodCall(node);
  const [first] = call?.args ?? [];
  if (call === null || first === undefined) return false;
  if (call.name === 'transaction') return clientAt(source, clients, call.object) === 'drizzle';
  const tag = drizzleTag(source);
  return (
    call.name === 'execute' &&
    j.TaggedTemplateExpression.check(first) &&
    tag !== null &&
    source.textOf(first.tag as ASTNode) === tag
  );
}

function wait(source: Source, path: ASTPath, waited: Set<ASTNode>): void {
  const target = dropped(path);
  if (target === null || waited.has(target.node)) return;
  waited.add(target.node);
  if (
    functionAround(target)?.node.type === 'ArrowFunctionExpression' &&
    parentOf(parentOf(target) ?? target) !== null
  ) {
    const call = parentOf(functionAround(target) as ASTPath)?.node;
    if (methodCall(call)?.name === 'forEach') {
      source.leave(path.node, 'forEach would not wait for it; write a loop');
      return;
    }
  }
  if (!canAwait(target)) {
    source.leave(
      path.node,
      'the function around it is not async, and its callers would have to wait as well',
    );
    return;
  }
  const { start, end } = rangeOf(target.node);
  const parent = parentOf(target)?.node;
  if (j.UnaryExpression.check(parent) && parent.operator === 'void')
    source.change(path.node, [{ start: rangeOf(parent).start, end: start, text: 'await ' }]);
  else if (j.LogicalExpression.check(parent) || j.ConditionalExpression.check(parent))
    source.change(path.node, [insert(start, '(await '), insert(end, ')')]);
  else source.change(path.node, [insert(start, 'await ')]);
}

/** The expression whose value is thrown away: the query, or the Promise.all that collects it. Null when it is used. */
function dropped(path: ASTPath): ASTPath | null {
  const up = parentOf(path);
  const parent = up?.node;
  if (up === null || parent === undefined) return null;
  if (j.ExpressionStatement.check(parent)) return path;
  if (j.UnaryExpression.check(parent) && parent.operator === 'void')
    return dropped(up) === null ? null : path;
  if (j.LogicalExpression.check(parent))
    return parent.right === path.node && dropped(up) !== null ? path : null;
  if (j.ConditionalExpression.check(parent))
    return parent.test !== path.node && dropped(up) !== null ? path : null;
  if (j.ArrayExpression.check(parent)) {
    const all = parentOf(up);
    const call = methodCall(all?.node);
    const collects =
      call !== null &&
      /^(?:all|allSettled)$/.test(call.name) &&
      j.Identifier.check(call.object) &&
      call.object.name === 'Promise';
    return all !== null && collects ? dropped(all) : null;
  }
  if (j.VariableDeclarator.check(parent) && j.Identifier.check(parent.id)) {
    const { name } = parent.id;
    const owner = functionAround(path)?.node;
    const uses = owner === undefined ? 2 : j(owner).find(j.Identifier, { name }).length;
    return uses === 1 ? path : null;
  }
  return null;
}

function loop(source: Source, path: ASTPath, callback: ASTNode | undefined): void {
  const statement = parentOf(path);
  if (statement === null || callback === undefined || !j.ExpressionStatement.check(statement.node)) {
    source.leave(path.node, 'what forEach gives is used');
    return;
  }
  if (!canAwait(path)) {
    source.leave(
      path.node,
      'the function around it is not async, and its callers would have to wait as well',
    );
    return;
  }
  const written = loopOf(source, path.node, callback);
  if (typeof written === 'string') source.leave(path.node, written);
  else source.change(path.node, [replace(statement.node, written.text)]);
}
