/** A name from a package: the one that the file imports already, or one more import. */
import j from 'jscodeshift';
import { type Edit, insert, rangeOf, type Source } from './open-source.ts';

export interface ImportedName {
  /** How the file writes it. */
  readonly text: string;
  /** None where the file imports it, or was already told to. */
  readonly edits: readonly Edit[];
}

const added = new WeakMap<Source, Set<string>>();

export function importedAs(source: Source, name: string, from: string): ImportedName {
  const declarations = source.root.find(j.ImportDeclaration).nodes();
  for (const { specifiers, source: module } of declarations) {
    if (module.value !== from) continue;
    for (const one of specifiers ?? []) {
      if (j.ImportSpecifier.check(one) && one.imported.name === name)
        return { text: String(one.local?.name ?? name), edits: [] };
    }
  }
  const already = added.get(source) ?? new Set<string>();
  added.set(source, already);
  if (already.has(name)) return { text: name, edits: [] };
  already.add(name);
  const existing = declarations.find(
    (one) =>
      one.source.value === from &&
      one.importKind !== 'type' &&
      one.specifiers?.some((it) => j.ImportSpecifier.check(it)),
  );
  const last = existing?.specifiers?.findLast((it) => j.ImportSpecifier.check(it));
  if (last !== undefined) return { text: name, edits: [insert(rangeOf(last).end, `, ${name}`)] };
  const end =
    declarations.length === 0 ? 0 : rangeOf(declarations[declarations.length - 1] as object as never).end;
  const line = `import { ${name} } from '${from}';`;
  return {
    text: name,
    edits: [insert(end, end === 0 ? `${line}${source.eol}` : `${source.eol}${line}`)],
  };
}
