/**
 * What is done with a checked-out client goes into `try`, and its release into `finally`, so that no way out keeps the
 * connection. A release before the end moves there, unless something is awaited after it.
 */
import j, {
  type API,
  type ASTNode,
  type ASTPath,
  type FileInfo,
  type Options,
  type VariableDeclarator,
} from 'jscodeshift';
import { clientAt, clientsIn } from './shared/clients.ts';
import { indentAt, indentLines, indentUnit } from './shared/layout.ts';
import { type Edit, insert, openSource, rangeOf, type Source } from './shared/open-source.ts';
import { bare, declaredIn, methodCall, standingOf, usesOf } from './shared/syntax.ts';

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const clients = clientsIn(source);
  for (const path of source.root.find(j.VariableDeclarator).paths() as ASTPath<VariableDeclarator>[]) {
    const { id, init } = path.node;
    const checkout = init == null ? null : methodCall(bare(init));
    if (checkout === null || !/^(?:connect|reserve)$/.test(checkout.name) || checkout.args.length > 0)
      continue;
    if (!j.Identifier.check(id) || !j.AwaitExpression.check(init)) continue;
    if (source.asked(bare(init)) === null && source.asked(init) === null) continue;
    const isPool = clientAt(source, clients, checkout.object) !== null;
    if (source.known || isPool || isReleased(source, id.name)) mend(source, path, id.name);
  }
  return source.result();
}

function isReleased(source: Source, name: string): boolean {
  return source.root.find(j.CallExpression).some(({ node }) => releases(node, name));
}

function releases(node: ASTNode | null | undefined, name: string): boolean {
  const call = methodCall(node);
  return call?.name === 'release' && j.Identifier.check(call.object) && call.object.name === name;
}

function mend(source: Source, path: ASTPath<VariableDeclarator>, name: string): void {
  const standing = standingOf(path);
  const declaration = standing?.path.node;
  if (standing === null || !j.VariableDeclaration.check(declaration)) return;
  const rest = (standing.block.body as readonly ASTNode[]).slice(standing.index + 1);
  const last = rest.findLastIndex((one) => usesOf(one, name).length > 0);
  if (last < 0) return leave('nothing is done with the client; delete the checkout');
  if (isSafe(rest[0], name)) return;
  const region = rest.slice(0, last + 1);
  const gone = releasesIn(region, name);
  const calls = j(region as ASTNode[])
    .find(j.CallExpression)
    .filter(({ node }) => releases(node, name));
  if (calls.length > gone.length) return leave('it is released with a reason, or as a part of an expression');
  if (declaration.declarations.length > 1) return leave('it is declared together with something else');
  if (region.some((one) => escapes(one, name))) return leave('the client is given away');
  const after = rest.slice(last + 1);
  const names = declaredIn(region).filter((one) => after.some((later) => usesOf(later, one).length > 0));
  const wraps = names.length > 0 ? rest : region;
  if (wraps === rest && after.some((one) => j(one).find(j.AwaitExpression).length > 0))
    return leave('what is awaited after the release would hold the connection');
  source.change(path.node, wrap(source, wraps, gone, name));

  function leave(reason: string): void {
    source.leave(path.node, reason);
  }
}

/** `try { … } finally { client.release(); }` follows at once. */
function isSafe(node: ASTNode | undefined, name: string): boolean {
  return (
    j.TryStatement.check(node) &&
    node.finalizer != null &&
    node.finalizer.body.some((one) =>
      j(one)
        .find(j.CallExpression)
        .some(({ node: call }) => releases(call, name)),
    )
  );
}

/** Statements that only release, with what the client is released with being nothing. */
function releasesIn(region: readonly ASTNode[], name: string): readonly ASTNode[] {
  return region
    .flatMap((one) => [
      ...(j.ExpressionStatement.check(one) ? [one] : []),
      ...j(one).find(j.ExpressionStatement).nodes(),
    ])
    .filter(({ expression }) => {
      const inner = bare(expression);
      return releases(inner, name) && methodCall(inner)?.args.length === 0;
    });
}

/** Returned, stored or put into a value: who gets it may use it later. */
function escapes(statement: ASTNode, name: string): boolean {
  return usesOf(statement, name).some((use) => {
    const parent = (use.parent as ASTPath).node;
    return (
      j.ReturnStatement.check(parent) ||
      j.ObjectProperty.check(parent) ||
      j.ArrayExpression.check(parent) ||
      j.AssignmentExpression.check(parent) ||
      j.VariableDeclarator.check(parent)
    );
  });
}

function wrap(
  source: Source,
  region: readonly ASTNode[],
  gone: readonly ASTNode[],
  name: string,
): readonly Edit[] {
  const { eol } = source;
  const start = rangeOf(region[0] as ASTNode).start;
  const indent = indentAt(source, start);
  const unit = indentUnit(source, indent);
  const finallyPart = ` finally {${eol}${indent}${unit}${name}.release();${eol}${indent}}`;
  const removals = gone.map((one) => withoutLine(source, one));
  const [only] = region.filter((one) => !gone.includes(one));
  const kept = region.filter((one) => !gone.includes(one));
  if (j.TryStatement.check(only) && kept.length === 1 && only.finalizer == null)
    return [...removals, insert(rangeOf(only).end, finallyPart)];
  const tail = kept[kept.length - 1];
  if (
    j.TryStatement.check(tail) &&
    tail.finalizer != null &&
    tail.handler == null &&
    onlyReleases(tail.finalizer.body, gone)
  )
    return intoTry(source, kept.slice(0, -1), tail, removals);
  const emptied = kept.flatMap((one) => emptyFinalizer(one, gone) ?? []);
  const end = rangeOf(kept[kept.length - 1] as ASTNode).end;
  const outside = [
    ...removals.filter((one) => !emptied.some((it) => it.start <= one.start && one.end <= it.end)),
    ...emptied,
  ];
  const lines = indentLines(source, start - indent.length, end).filter(
    (line) => !outside.some((one) => one.start <= line.start && line.start < one.end),
  );
  return [
    { start: start - indent.length, end: start - indent.length, text: `${indent}try {${eol}` },
    ...lines,
    ...outside,
    insert(end, `${eol}${indent}}${finallyPart}`),
  ];
}

function onlyReleases(body: readonly ASTNode[], gone: readonly ASTNode[]): boolean {
  return body.length === 1 && gone.includes(body[0] as ASTNode);
}

/** Statements between the checkout and its `try … finally` move into the try. */
function intoTry(
  source: Source,
  before: readonly ASTNode[],
  statement: ASTNode,
  removals: readonly Edit[],
): readonly Edit[] {
  if (!j.TryStatement.check(statement) || before.length === 0) return [];
  const last = statement.finalizer?.body[0] as ASTNode;
  const start = rangeOf(before[0] as ASTNode).start;
  const at = rangeOf(statement).start;
  const indent = indentAt(source, start);
  const open = rangeOf(statement.block).start + 1;
  const moved = indented(source, start - indent.length, at - indentAt(source, at).length);
  return [
    ...removals.filter((one) => !covers(one, last)),
    { start: start - indent.length, end: at - indentAt(source, at).length, text: '' },
    insert(open, source.eol + moved.replace(/\s+$/, '')),
  ];
}

function indented(source: Source, start: number, end: number): string {
  let text = source.text.slice(start, end);
  for (const line of indentLines(source, start, end).toReversed())
    text = text.slice(0, line.start - start) + line.text + text.slice(line.start - start);
  return text;
}

function covers(edit: Edit, node: ASTNode): boolean {
  return edit.start <= rangeOf(node).start && rangeOf(node).end <= edit.end;
}

/** A `finally` that did nothing but release goes; its `catch` stays. */
function emptyFinalizer(node: ASTNode, gone: readonly ASTNode[]): Edit | null {
  if (!j.TryStatement.check(node) || node.finalizer == null || node.handler == null) return null;
  if (!onlyReleases(node.finalizer.body, gone)) return null;
  return { start: rangeOf(node.handler).end, end: rangeOf(node.finalizer).end, text: '' };
}

/** The statement with its line, when nothing else stands there. */
function withoutLine(source: Source, node: ASTNode): Edit {
  const { start, end } = rangeOf(node);
  const from = source.text.lastIndexOf('\n', start - 1) + 1;
  const alone = source.text.slice(from, start).trim() === '';
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(source.text.slice(end));
  return alone && rest !== null
    ? { start: from, end: end + rest[0].length, text: '' }
    : { start, end: end + (/^[ \t]+/.exec(source.text.slice(end))?.[0].length ?? 0), text: '' };
}
