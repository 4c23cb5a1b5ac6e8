/**
 * A jsonb column gets the value itself instead of the text of JSON.stringify; a postgres.js parameter that is cast to
 * jsonb goes by way of text. Alone it knows the tables and clients that the file itself declares.
 */
import j, {
  type API,
  type ASTNode,
  type ASTPath,
  type CallExpression,
  type FileInfo,
  type Options,
} from 'jscodeshift';
import { clientAt, clientsIn } from './shared/clients.ts';
import { insert, openSource, rangeOf, replace, type Source } from './shared/open-source.ts';
import { bare, functionAround, importsOf, methodCall, parentOf, unasserted } from './shared/syntax.ts';

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const columns = source.known ? null : jsonColumns(source);
  for (const path of source.root.find(j.CallExpression).paths()) {
    if (!isStringify(source, path.node)) continue;
    if (isCastParameter(source, path)) continue;
    if (source.asked(path.node) === null || (columns !== null && !isFor(path, columns))) continue;
    unwrapValue(source, path);
  }
  castThroughText(source);
  return source.result();
}

function isStringify(source: Source, node: ASTNode): boolean {
  return j.CallExpression.check(node) && source.textOf(node.callee as ASTNode) === 'JSON.stringify';
}

function unwrapValue(source: Source, path: ASTPath<CallExpression>): void {
  const [value, replacer] = path.node.arguments;
  if (value === undefined) return;
  if (replacer !== undefined && !j.NullLiteral.check(replacer) && source.textOf(replacer) !== 'undefined') {
    source.leave(path.node, 'its replacer changes the value');
    return;
  }
  const parent = parentOf(path)?.node;
  if (j.VariableDeclarator.check(parent) && j.Identifier.check(parent.id)) {
    const owner = functionAround(path)?.node;
    const uses = owner === undefined ? 0 : j(owner).find(j.Identifier, { name: parent.id.name }).length;
    const shorthand =
      owner === undefined
        ? 0
        : j(owner)
            .find(j.ObjectProperty, { shorthand: true })
            .filter(
              ({ node }) =>
                j.Identifier.check(node.key) && node.key.name === (parent.id as { name?: string }).name,
            ).length;
    if (uses - shorthand > 2) {
      source.leave(path.node, 'the text has other uses');
      return;
    }
  }
  const whole = assertedAround(path);
  const property = parentOf(whole)?.node;
  const written = source.textOf(value);
  const isShort =
    j.ObjectProperty.check(property) && j.Identifier.check(property.key) && property.key.name === written;
  source.change(path.node, [replace(isShort ? property : whole.node, written)]);
}

/** `JSON.stringify(x) as unknown as Settings`: the assertion was only needed for the text. */
function assertedAround(path: ASTPath): ASTPath {
  const up = parentOf(path);
  return up !== null && (j.TSAsExpression.check(up.node) || j.TSSatisfiesExpression.check(up.node))
    ? assertedAround(up)
    : path;
}

/** Keys of json and jsonb columns by the name of the table. */
function jsonColumns(source: Source): ReadonlyMap<string, ReadonlySet<string>> {
  const pgCore = importsOf(source.root, /^drizzle-orm\/pg-core$/);
  const tables = new Map<string, ReadonlySet<string>>();
  for (const node of source.root.find(j.VariableDeclarator).nodes()) {
    const { id, init } = node as { readonly id: ASTNode; readonly init?: ASTNode | null };
    if (!j.Identifier.check(id) || !j.CallExpression.check(init) || !j.Identifier.check(init.callee))
      continue;
    const columns = init.arguments[1];
    if (pgCore.get(init.callee.name) !== 'pgTable' || !j.ObjectExpression.check(columns)) continue;
    const keys = columns.properties.flatMap((one) =>
      j.ObjectProperty.check(one) && j.Identifier.check(one.key) && isJson(one.value, pgCore)
        ? [one.key.name]
        : [],
    );
    tables.set(id.name, new Set(keys));
  }
  return tables;
}

function isJson(node: ASTNode, pgCore: ReadonlyMap<string, string>): boolean {
  let at = bare(node);
  for (let call = methodCall(at); call !== null; call = methodCall(at)) at = bare(call.object);
  return (
    j.CallExpression.check(at) &&
    j.Identifier.check(at.callee) &&
    /^jsonb?$/.test(pgCore.get(at.callee.name) ?? '')
  );
}

/** Whether the value is written to a json column: `insert(t).values({ key: … })`, `update(t).set({ key: … })`. */
function isFor(path: ASTPath, columns: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  let key: string | null = null;
  for (let at: ASTPath | null = path; at !== null; at = parentOf(at)) {
    const { node } = at;
    if (j.ObjectProperty.check(node) && key === null) {
      if (!j.Identifier.check(node.key) || !gives(node.value, path.node)) return false;
      key = node.key.name;
    }
    const call = methodCall(node);
    if (
      call !== null &&
      /^(?:values|set)$/.test(call.name) &&
      call.args.some((one) => unasserted(one) !== path.node)
    ) {
      const start = methodCall(bare(call.object));
      const [table] = start?.args ?? [];
      if (
        key !== null &&
        start !== null &&
        /^(?:insert|update)$/.test(start.name) &&
        j.Identifier.check(table)
      )
        return columns.get(table.name)?.has(key) === true;
    }
    if (j.Statement.check(node)) return false;
  }
  return false;
}

/** Whether the value is what the expression comes to, in one branch at least. */
function gives(node: ASTNode, value: ASTNode): boolean {
  const inner = unasserted(node);
  if (j.ConditionalExpression.check(inner))
    return gives(inner.consequent, value) || gives(inner.alternate, value);
  return inner === value;
}

function isCastParameter(source: Source, path: ASTPath): boolean {
  const template = parentOf(path);
  if (template === null || !j.TemplateLiteral.check(template.node)) return false;
  return /^\}\s*::\s*jsonb?\b/i.test(source.text.slice(rangeOf(path.node).end));
}

function castThroughText(source: Source): void {
  const clients = clientsIn(source);
  for (const { node } of source.root.find(j.TaggedTemplateExpression).paths()) {
    if (!source.known && clientAt(source, clients, node.tag as ASTNode) !== 'postgres') continue;
    for (const expression of node.quasi.expressions) {
      if (!isStringify(source, expression) || source.asked(expression) === null) continue;
      const { end } = rangeOf(expression);
      const cast = /^\}\s*(?=::\s*jsonb?\b)/i.exec(source.text.slice(end));
      if (cast !== null) source.change(expression, [insert(end + cast[0].length, '::text')]);
    }
  }
}
