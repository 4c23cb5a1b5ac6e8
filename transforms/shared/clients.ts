/** What a file itself says of its clients, for a transform that runs alone and has no types. */
import j, { type ASTNode, type Collection } from 'jscodeshift';
import type { Source } from './open-source.ts';
import { bare, importsOf, isReference, methodCall } from './syntax.ts';

export type Client = 'drizzle' | 'pool' | 'postgres';

/**
 * The texts of what the file makes, declares or is handed: `drizzle(…)`, `new Pool(…)`, `postgres(…)`, parameters and
 * fields of a pg Pool. A client that is imported is not among them.
 */
export function clientsIn(source: Source): ReadonlyMap<string, Client> {
  const { root } = source;
  const clients = new Map<string, Client>();
  const drizzle = importsOf(root, /^drizzle-orm(?:\/|$)/);
  const pg = importsOf(root, /^pg(?:-pool)?$/);
  const postgres = importsOf(root, /^postgres$/);
  const made = (node: ASTNode | null | undefined): Client | null => {
    const inner = node == null ? null : bare(node);
    if (j.NewExpression.check(inner)) return isPoolName(inner.callee, pg) ? 'pool' : null;
    if (!j.CallExpression.check(inner) || !j.Identifier.check(inner.callee)) return null;
    const { name } = inner.callee;
    if (drizzle.get(name) === 'drizzle') return 'drizzle';
    return postgres.get(name) === 'ImportDefaultSpecifier' ? 'postgres' : null;
  };
  for (const { id, init } of declarators(root)) {
    const client = made(init);
    if (client !== null && j.Identifier.check(id)) clients.set(id.name, client);
  }
  for (const { key, value } of root.find(j.ClassProperty).nodes()) {
    const client = made(value);
    if (client !== null && j.Identifier.check(key)) clients.set(`this.${key.name}`, client);
  }
  for (const node of root.find(j.Identifier).nodes()) {
    if (!isPoolType(node.typeAnnotation as ASTNode | null | undefined, pg)) continue;
    clients.set(node.name, 'pool');
  }
  for (const { parameter } of root.find(j.TSParameterProperty).nodes()) {
    if (j.Identifier.check(parameter) && clients.get(parameter.name) === 'pool')
      clients.set(`this.${parameter.name}`, 'pool');
  }
  return clients;
}

/** The client that a reference names, by its text. */
export function clientAt(source: Source, clients: ReadonlyMap<string, Client>, node: ASTNode): Client | null {
  return isReference(node) ? (clients.get(source.textOf(node)) ?? null) : null;
}

/** `sql` of drizzle-orm by its local name, or null when the file does not import it. */
export function drizzleTag(source: Source): string | null {
  return [...importsOf(source.root, /^drizzle-orm$/)].find(([, name]) => name === 'sql')?.[0] ?? null;
}

/** The text of a statement without holes: a string, or a template whether tagged or not. */
export function fixedText(node: ASTNode | null | undefined): string | null {
  if (node == null) return null;
  const inner = bare(node);
  if (j.StringLiteral.check(inner)) return inner.value;
  if (j.TaggedTemplateExpression.check(inner)) return fixedText(inner.quasi);
  if (!j.TemplateLiteral.check(inner) || inner.expressions.length > 0) return null;
  return inner.quasis[0]?.value.cooked ?? null;
}

/** A builder's chain that no other library has: insert with values, update with set, delete, select with from, execute. */
export function isDrizzleChain(node: ASTNode): boolean {
  const names: string[] = [];
  let at: ASTNode = bare(node);
  for (let call = methodCall(at); call !== null; call = methodCall(at)) {
    names.unshift(call.name);
    at = bare(call.object);
  }
  const [first, second] = names;
  if (!isReference(at) || first === undefined) return false;
  return (
    (first === 'insert' && second === 'values') ||
    (first === 'update' && second === 'set') ||
    (first === 'delete' && (second === 'where' || second === 'returning')) ||
    (/^select(?:Distinct(?:On)?)?$/.test(first) && second === 'from')
  );
}

function declarators(root: Collection): readonly { readonly id: ASTNode; readonly init?: ASTNode | null }[] {
  return root.find(j.VariableDeclarator).nodes() as never;
}

function isPoolName(node: ASTNode, pg: ReadonlyMap<string, string>): boolean {
  if (j.Identifier.check(node))
    return (
      pg.get(node.name) === 'Pool' || (node.name === 'Pool' && pg.get('Pool') === 'ImportDefaultSpecifier')
    );
  return (
    j.MemberExpression.check(node) &&
    j.Identifier.check(node.object) &&
    pg.has(node.object.name) &&
    j.Identifier.check(node.property) &&
    node.property.name === 'Pool'
  );
}

function isPoolType(annotation: ASTNode | null | undefined, pg: ReadonlyMap<string, string>): boolean {
  if (!j.TSTypeAnnotation.check(annotation)) return false;
  const type = annotation.typeAnnotation;
  if (!j.TSTypeReference.check(type)) return false;
  if (j.Identifier.check(type.typeName)) return pg.get(type.typeName.name) === 'Pool';
  return (
    j.TSQualifiedName.check(type.typeName) &&
    j.Identifier.check(type.typeName.left) &&
    pg.has(type.typeName.left.name) &&
    type.typeName.right.type === 'Identifier' &&
    type.typeName.right.name === 'Pool'
  );
}
