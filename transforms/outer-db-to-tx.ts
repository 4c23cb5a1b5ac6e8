/**
 * Inside `db.transaction(async (tx) => …)` a use of `db` becomes one of `tx`. What opens a transaction of its own, what
 * another function uses, and what may run after the commit are left.
 */
import j, { type API, type ASTNode, type ASTPath, type FileInfo, type Options } from 'jscodeshift';
import { insert, openSource, rangeOf, replace, type Source } from './shared/open-source.ts';
import { functionAround, isBelow, isReference, methodCall, parentOf, unasserted } from './shared/syntax.ts';

const queries =
  /^(?:select|selectDistinct|selectDistinctOn|insert|update|delete|execute|query|with|\$with|\$count|refreshMaterializedView)$/;

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  for (const path of source.root.find(j.CallExpression).paths()) {
    const [callback] = path.node.arguments;
    if (callback === undefined || !isInline(callback)) continue;
    const call = methodCall(path.node);
    const begins = call !== null && /^(?:transaction|begin)$/.test(call.name) && isReference(call.object);
    const wraps =
      source.known && j.Identifier.check(path.node.callee) && /transaction/i.test(path.node.callee.name);
    if (begins || wraps) mend(source, begins ? call.object : null, callback);
  }
  return source.result();
}

type Callback = ASTNode & { readonly params: readonly ASTNode[]; readonly body: ASTNode };

function isInline(node: ASTNode): node is Callback {
  return j.ArrowFunctionExpression.check(node) || j.FunctionExpression.check(node);
}

function mend(source: Source, outer: ASTNode | null, callback: Callback): void {
  const uses = source.known
    ? knownUses(source, callback)
    : outer === null
      ? []
      : usesOfClient(source, callback, outer);
  if (uses.length === 0) return;
  const [parameter] = callback.params;
  if (parameter !== undefined && !j.Identifier.check(parameter)) {
    uses.forEach(({ node }) => source.leave(node, 'the callback takes its transaction apart'));
    return;
  }
  const tx = parameter?.name ?? 'tx';
  let named = parameter !== undefined;
  for (const use of uses) {
    const reason = whyNot(use, callback, tx, source.known);
    if (reason !== null) {
      source.leave(use.node, reason);
      continue;
    }
    const name = named ? [] : nameParameter(source, callback, tx);
    if (name === null) {
      source.leave(use.node, 'the callback has no parameter that a name could be given to');
      continue;
    }
    named = true;
    source.change(use.node, [replace(use.node, tx), ...name]);
  }
}

/** What the places name: the client itself, below the nearest transaction only. */
function knownUses(source: Source, callback: Callback): readonly ASTPath[] {
  const paths: ASTPath[] = [
    ...j(callback.body).find(j.Identifier).paths(),
    ...j(callback.body).find(j.MemberExpression).paths(),
  ];
  return paths.filter((path) => {
    if (source.asked(path.node) === null || !isReference(path.node)) return false;
    const parent = parentOf(path)?.node;
    if (j.TaggedTemplateExpression.check(parent)) return parent.tag === path.node;
    if (j.CallExpression.check(parent)) return parent.callee !== path.node;
    if (!j.MemberExpression.check(parent) || parent.object !== path.node) return false;
    const called = methodCall(parentOf(parentOf(path) as ASTPath)?.node);
    return called?.object === path.node || !isReference(parent) || isQueryMember(parent.property);
  });
}

function isQueryMember(node: ASTNode): boolean {
  return j.Identifier.check(node) && queries.test(node.name);
}

/** Everything below that is written as the client is, and is not a part of a longer name. */
function usesOfClient(source: Source, callback: Callback, outer: ASTNode): readonly ASTPath[] {
  const written = source.textOf(unasserted(outer));
  const found: ASTPath[] = j.Identifier.check(outer)
    ? j(callback.body).find(j.Identifier, { name: written }).paths()
    : j(callback.body).find(j.MemberExpression).paths();
  return found.filter((path) => {
    if (source.textOf(path.node) !== written) return false;
    const parent = parentOf(path)?.node;
    if (j.MemberExpression.check(parent)) return parent.object === path.node;
    if (j.TaggedTemplateExpression.check(parent)) return parent.tag === path.node;
    return !j.ObjectProperty.check(parent) || parent.key !== path.node || parent.shorthand === true;
  });
}

function whyNot(use: ASTPath, callback: Callback, tx: string, known: boolean): string | null {
  const member = parentOf(use)?.node;
  if (j.TaggedTemplateExpression.check(member)) return null;
  if (!j.MemberExpression.check(member) || member.object !== use.node || !j.Identifier.check(member.property))
    return 'the client is handed on; hand the transaction to what takes it';
  const { name } = member.property;
  if (name === 'transaction')
    return 'it opens a transaction of its own: make it a savepoint with `tx.transaction`, or move it out';
  const sends = j.CallExpression.check(parentOf(parentOf(use) as ASTPath)?.node);
  if (!queries.test(name) || (name === 'query' && sends))
    return `\`${name}\` is not a query of the transaction`;
  for (let at = functionAround(use); at !== null && isBelow(at, callback.body); at = functionAround(at)) {
    const { params = [] } = at.node as { params?: readonly ASTNode[] };
    if (params.some((one) => j.Identifier.check(one) && one.name === tx))
      return `\`${tx}\` is another value there`;
    if (!known && !runsAtOnce(at)) return 'it is in a function that may run after the commit';
  }
  return null;
}

/** A callback of a list, or a function that is called where it stands. */
function runsAtOnce(path: ASTPath): boolean {
  const parent = parentOf(path)?.node;
  if (j.CallExpression.check(parent) && parent.callee === path.node) return true;
  const call = methodCall(parent);
  return call !== null && /^(?:map|flatMap|filter|some|every|reduce|find|forEach)$/.test(call.name);
}

function nameParameter(source: Source, callback: Callback, tx: string) {
  const { start } = rangeOf(callback);
  const list = source.text.indexOf('()', start);
  return list < 0 || list > rangeOf(callback.body).start ? null : [insert(list + 1, tx)];
}
