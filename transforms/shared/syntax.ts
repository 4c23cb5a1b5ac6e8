/** Questions about the tree that several transforms ask. */
import j, {
  type ASTNode,
  type ASTPath,
  type BlockStatement,
  type CallExpression,
  type Collection,
  type Identifier,
  type Program,
} from 'jscodeshift';

export interface MethodCall {
  readonly object: ASTNode;
  readonly name: string;
  readonly args: readonly ASTNode[];
}

/** `object.name(…)`. */
export function methodCall(node: ASTNode | null | undefined): MethodCall | null {
  if (!j.CallExpression.check(node) || !j.MemberExpression.check(node.callee)) return null;
  const { object, property, computed } = node.callee;
  if (computed === true || !j.Identifier.check(property)) return null;
  return { object, name: property.name, args: node.arguments };
}

/** The expression below await, `!`, `as` and `satisfies`. */
export function bare(node: ASTNode): ASTNode {
  return j.AwaitExpression.check(node) && node.argument !== null ? bare(node.argument) : unasserted(node);
}

/** The expression below `!`, `as` and `satisfies`. */
export function unasserted(node: ASTNode): ASTNode {
  return j.TSNonNullExpression.check(node) ||
    j.TSAsExpression.check(node) ||
    j.TSSatisfiesExpression.check(node)
    ? unasserted(node.expression)
    : node;
}

/** A name, `this`, or a chain of names: what gives the same value when it is written twice. */
export function isReference(node: ASTNode): boolean {
  const inner = unasserted(node);
  if (j.Identifier.check(inner) || j.ThisExpression.check(inner)) return true;
  return j.MemberExpression.check(inner) && inner.computed !== true && isReference(inner.object);
}

export interface Standing {
  readonly block: BlockStatement | Program;
  /** Of the statement in the block. */
  readonly index: number;
  readonly path: ASTPath;
}

/** The statement of a block or module that holds the path; null where a statement stands without braces. */
export function standingOf(path: ASTPath): Standing | null {
  for (let at: ASTPath | null = path; at !== null; at = parentOf(at)) {
    const block: ASTNode | undefined = parentOf(at)?.node;
    if (!j.BlockStatement.check(block) && !j.Program.check(block)) continue;
    const index = (block.body as readonly ASTNode[]).indexOf(at.node);
    if (index >= 0) return { block, index, path: at };
  }
  return null;
}

export function parentOf(path: ASTPath): ASTPath | null {
  return (path.parent as ASTPath | null | undefined) ?? null;
}

/** The function around the path, or null at the top of a module. */
export function functionAround(path: ASTPath): ASTPath | null {
  for (let at = parentOf(path); at !== null; at = parentOf(at)) {
    if (isFunction(at.node)) return at;
  }
  return null;
}

export function isFunction(node: ASTNode): boolean {
  return j.Function.check(node) || j.ObjectMethod.check(node) || j.ClassMethod.check(node);
}

/** Whether the path stands below the node, or is it. */
export function isBelow(path: ASTPath, node: ASTNode): boolean {
  for (let at: ASTPath | null = path; at !== null; at = parentOf(at)) if (at.node === node) return true;
  return false;
}

/** Whether `await` may stand there. */
export function canAwait(path: ASTPath): boolean {
  const owner = functionAround(path)?.node;
  return owner === undefined || (owner as { readonly async?: boolean }).async === true;
}

/** The imported names of a package (or of its subpaths) by their local names. */
export function importsOf(root: Collection, packages: RegExp): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { specifiers, source } of root.find(j.ImportDeclaration).nodes()) {
    if (!packages.test(String(source.value))) continue;
    for (const one of specifiers ?? []) {
      const local = one.local?.name;
      if (typeof local !== 'string') continue;
      const imported = j.ImportSpecifier.check(one) ? one.imported.name : one.type;
      names.set(local, String(imported));
    }
  }
  return names;
}

/** The uses of a name below a node: not the names of members, keys or declarations of their own. */
export function usesOf(node: ASTNode, name: string): readonly ASTPath<Identifier>[] {
  return j(node)
    .find(j.Identifier, { name })
    .paths()
    .filter((path) => {
      const parent = parentOf(path)?.node;
      if (j.MemberExpression.check(parent) || j.OptionalMemberExpression.check(parent))
        return parent.object === path.node || parent.computed === true;
      if (j.ObjectProperty.check(parent)) return parent.value === path.node || parent.shorthand === true;
      return !j.TSPropertySignature.check(parent) && !j.ClassProperty.check(parent);
    });
}

/** Names that declarations directly in these statements bring. */
export function declaredIn(statements: readonly ASTNode[]): readonly string[] {
  return statements.flatMap((statement) => {
    if (j.FunctionDeclaration.check(statement) || j.ClassDeclaration.check(statement))
      return j.Identifier.check(statement.id) ? [statement.id.name] : [];
    if (!j.VariableDeclaration.check(statement)) return [];
    return statement.declarations.flatMap((one) =>
      j.VariableDeclarator.check(one)
        ? j(one.id)
            .find(j.Identifier)
            .nodes()
            .concat(j.Identifier.check(one.id) ? [one.id] : [])
            .map(({ name }) => name)
        : [],
    );
  });
}

export function isCallOf(node: ASTNode, name: string): node is CallExpression {
  return j.CallExpression.check(node) && j.Identifier.check(node.callee) && node.callee.name === name;
}
