/**
 * `eq(column, value)` with a value that may be null is never true: `value === null ? isNull(column) : eq(column, value)`.
 * Alone it knows `null` written out and names that are declared with null in the same function.
 */
import j, {
  type API,
  type ASTNode,
  type ASTPath,
  type CallExpression,
  type FileInfo,
  type Options,
} from 'jscodeshift';
import { importedAs } from './shared/add-import.ts';
import { openSource, type Place, replace, type Source } from './shared/open-source.ts';
import { importsOf, isCallOf, isReference, parentOf, unasserted } from './shared/syntax.ts';

const tests: Readonly<Record<string, string>> = { eq: 'isNull', ne: 'isNotNull' };

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  for (const [local, imported] of importsOf(source.root, /^drizzle-orm$/)) {
    const test = tests[imported];
    if (test === undefined) continue;
    for (const path of source.root.find(j.CallExpression).paths()) {
      const place = isCallOf(path.node, local) ? source.asked(path.node) : null;
      if (place !== null) mend(source, path, place, test);
    }
  }
  return source.result();
}

function mend(source: Source, path: ASTPath<CallExpression>, place: Place, test: string): void {
  const { node } = path;
  const [column, value] = node.arguments;
  if (column === undefined || value === undefined || isDecided(source, path, value)) return;
  const missing = place.data?.['nullish'] ?? nullishOf(path, value);
  if (missing === null) return;
  if (j.NullLiteral.check(unasserted(value))) {
    const name = importedAs(source, test, 'drizzle-orm');
    source.change(node, [replace(node, `${name.text}(${source.textOf(column)})`), ...name.edits]);
  } else if (missing !== 'null') {
    source.leave(node, 'the value may be undefined, and only its author knows whether that means NULL');
  } else if (!isReference(value)) {
    source.leave(node, 'the value would be computed twice; give it a name first');
  } else {
    const name = importedAs(source, test, 'drizzle-orm');
    const written = source.textOf(unasserted(value));
    const callee = source.textOf(node.callee as ASTNode);
    const mended = `${written} === null ? ${name.text}(${source.textOf(column)}) : ${callee}(${source.textOf(column)}, ${written})`;
    source.change(node, [replace(node, mended), ...name.edits]);
  }
}

/** Already below a test of the same value. */
function isDecided(source: Source, path: ASTPath, value: ASTNode): boolean {
  const written = source.textOf(unasserted(value));
  for (let at: ASTPath | null = path; at !== null; at = parentOf(at)) {
    const parent = parentOf(at)?.node;
    if (
      (j.ConditionalExpression.check(parent) || j.IfStatement.check(parent)) &&
      parent.test !== at.node &&
      source.textOf(parent.test).includes(written)
    )
      return true;
  }
  return false;
}

/** What the declaration of a parameter or variable says: null, undefined, both, or nothing of the kind. */
function nullishOf(path: ASTPath, value: ASTNode): string | null {
  const inner = unasserted(value);
  if (j.NullLiteral.check(inner)) return 'null';
  if (!j.Identifier.check(inner)) return null;
  const scope = path.scope as { lookup(name: string): { getBindings(): Record<string, ASTPath[]> } | null };
  const declared = scope.lookup(inner.name)?.getBindings()[inner.name]?.[0]?.node;
  if (!j.Identifier.check(declared) || !j.TSTypeAnnotation.check(declared.typeAnnotation)) return null;
  const type = declared.typeAnnotation.typeAnnotation;
  const members = j.TSUnionType.check(type) ? type.types : [type];
  const optional = declared.optional === true || members.some((one) => j.TSUndefinedKeyword.check(one));
  if (optional) return 'undefined';
  return members.some((one) => j.TSNullKeyword.check(one)) ? 'null' : null;
}
