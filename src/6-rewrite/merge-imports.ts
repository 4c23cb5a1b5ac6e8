/** Edits that bring the imports of one file up to what its rewritten sites need, and drop what they no longer do. */
import type { ts } from 'ts-morph';
import type { TextEdit } from '../2-find/result-use.js';
import type { FileImports, ImportedModule } from './file-imports.js';
import { indentUnit, type FileStyle } from './file-style.js';
import { placeForImports } from './import-place.js';
import type { ImportNeed } from './site-plan.js';

export interface LocatedNeed {
  readonly specifier: string;
  readonly need: ImportNeed;
}

/**
 * @param unused local names whose imports go.
 * @param located what must be imported, each with its specifier in this file.
 */
export function mergeImports(
  source: ts.SourceFile,
  imports: FileImports,
  located: readonly LocatedNeed[],
  unused: ReadonlySet<string>,
  style: FileStyle,
): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const open = [...mergeNeeds(located, imports)];
  for (const declaration of imports.declarations) {
    const kept = declaration.bindings.filter((binding) => !unused.has(binding.local));
    const added = take(open, (one) => fits(one, declaration));
    if (kept.length === declaration.bindings.length && added.length === 0) continue;
    edits.push(changeDeclaration(source, declaration, kept, added, style));
  }
  if (open.length > 0) edits.push(newDeclarations(source, imports, open, edits, style));
  else if (imports.declarations.length > 0 && edits.length === imports.declarations.length)
    closeGap(source, edits);
  return edits;
}

/** When a file loses all of its imports, the blank line after them goes too. */
function closeGap(source: ts.SourceFile, edits: TextEdit[]): void {
  const last = edits.at(-1);
  if (last === undefined || edits.some((edit) => edit.text !== '') || edits[0]?.start !== 0) return;
  const gap = /^(?:[ \t]*\r?\n)*/.exec(source.text.slice(last.end))?.[0].length ?? 0;
  edits[edits.length - 1] = { ...last, end: last.end + gap };
}

/** One import for each local name; a value import serves types too. */
function mergeNeeds(located: readonly LocatedNeed[], imports: FileImports): readonly LocatedNeed[] {
  const merged = new Map<string, LocatedNeed>();
  for (const one of located) {
    if (imports.commonJs && one.need.typeOnly) continue;
    const key = `${one.specifier}\0${one.need.name}\0${one.need.local}`;
    const known = merged.get(key);
    if (known === undefined || (known.need.typeOnly && !one.need.typeOnly)) merged.set(key, one);
  }
  return [...merged.values()];
}

function take<T>(list: T[], test: (item: T) => boolean): T[] {
  const taken = list.filter(test);
  for (const item of taken) list.splice(list.indexOf(item), 1);
  return taken;
}

function fits({ specifier, need }: LocatedNeed, declaration: ImportedModule): boolean {
  if (need.name === '*' || need.name === 'default' || declaration.specifier !== specifier) return false;
  if (declaration.braces === null && declaration.afterDefault === null) return false;
  if (declaration.typeOnly !== need.typeOnly) return false;
  return declaration.braces !== null || !declaration.typeOnly;
}

function changeDeclaration(
  source: ts.SourceFile,
  declaration: ImportedModule,
  kept: ImportedModule['bindings'],
  added: readonly LocatedNeed[],
  style: FileStyle,
): TextEdit {
  if (kept.length === 0 && added.length === 0) return removal(source, declaration);
  const names = kept
    .filter((binding) => binding.name !== 'default' && binding.name !== '*')
    .map(({ text }) => text);
  const specifiers = insertSorted(
    names,
    added.map(({ need }) => specifierText(need, declaration.form === 'require')),
  );
  const { braces } = declaration;
  if (braces === null) {
    const at = declaration.afterDefault ?? declaration.start;
    return { start: at, end: at, text: `, ${oneLine(specifiers, style)}` };
  }
  const text = source.text;
  const before = text.slice(declaration.start, braces.start);
  const hadDefault = declaration.bindings.some((binding) => binding.name === 'default');
  const keepsDefault = kept.some((binding) => binding.name === 'default');
  if (hadDefault && specifiers.length === 0) {
    const bare = text.slice(declaration.start, braces.start).replace(/,\s*$/, '');
    return { start: declaration.start, end: braces.end, text: bare };
  }
  const head = hadDefault && !keepsDefault ? 'import ' : before;
  const broken = text.slice(braces.start, braces.end).includes('\n');
  const single = oneLine(specifiers, style);
  const length = head.length + single.length + (declaration.end - braces.end);
  const list =
    (broken && specifiers.length > 1) || length > style.printWidth ? manyLines(specifiers, style) : single;
  return { start: declaration.start, end: braces.end, text: head + list };
}

/** The whole line goes with its statement, unless something else stands on it. */
function removal(source: ts.SourceFile, declaration: ImportedModule): TextEdit {
  const { text } = source;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(declaration.end));
  const alone = rest !== null && /(?:^|\n)$/.test(text.slice(0, declaration.start));
  return { start: declaration.start, end: declaration.end + (alone ? rest[0].length : 0), text: '' };
}

function newDeclarations(
  source: ts.SourceFile,
  imports: FileImports,
  open: readonly LocatedNeed[],
  edits: TextEdit[],
  style: FileStyle,
): TextEdit {
  const groups = new Map<string, LocatedNeed[]>();
  for (const one of open) {
    const single = one.need.name === '*' || one.need.name === 'default' ? one.need.local : '';
    const key = `${one.specifier}\0${one.need.typeOnly}\0${single}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const isFile = (group: readonly LocatedNeed[]): number => Number(group[0]?.need.from.kind === 'file');
  const ordered = [...groups.values()].sort((a, b) => isFile(a) - isFile(b));
  const lines = ordered.map((group) => declarationText(group, imports.commonJs, style));
  const block = lines.join('\n');
  const place = placeForImports(source, imports);
  const removed = edits.findIndex(
    (edit) => edit.text === '' && edit.start < place.offset && place.offset <= edit.end,
  );
  if (removed >= 0) {
    const [edit] = edits.splice(removed, 1) as [TextEdit];
    return { ...edit, text: source.text[edit.end - 1] === '\n' ? `${block}\n` : block };
  }
  const text = place.after ? `\n${block}` : `${block}\n${place.blank ? '\n' : ''}`;
  return { start: place.offset, end: place.offset, text };
}

/** One import statement for needs of one module. */
export function declarationText(group: readonly LocatedNeed[], commonJs: boolean, style: FileStyle): string {
  const [first] = group;
  if (first === undefined) return '';
  const quote = style.singleQuote ? "'" : '"';
  const module = `${quote}${first.specifier}${quote}`;
  const end = style.semi ? ';' : '';
  const { name, local } = first.need;
  const typeOnly = group.every(({ need }) => need.typeOnly);
  const write = (binding: string): string =>
    commonJs
      ? `const ${binding} = require(${module})${end}`
      : `import ${typeOnly ? 'type ' : ''}${binding} from ${module}${end}`;
  if (name === '*') return write(commonJs ? local : `* as ${local}`);
  if (name === 'default') return write(commonJs ? `{ default: ${local} }` : local);
  const specifiers = insertSorted(
    [],
    group.map(({ need }) => (need.typeOnly && !typeOnly ? 'type ' : '') + specifierText(need, commonJs)),
  );
  const single = write(oneLine(specifiers, style));
  return single.length > style.printWidth ? write(manyLines(specifiers, style)) : single;
}

function specifierText({ name, local }: ImportNeed, required: boolean): string {
  return name === local ? name : required ? `${name}: ${local}` : `${name} as ${local}`;
}

/** New specifiers at their place in the alphabet when the old ones keep it, else at the end. */
function insertSorted(old: readonly string[], added: readonly string[]): readonly string[] {
  const order = (a: string, b: string): number => compare(bareName(a), bareName(b));
  const sorted = old.every((one, index) => index === 0 || order(old[index - 1] ?? '', one) <= 0);
  return sorted ? [...old, ...added].sort(order) : [...old, ...[...added].sort(order)];
}

function bareName(specifier: string): string {
  return specifier.replace(/^type\s+/, '');
}

function compare(a: string, b: string): number {
  const lower = a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0;
  return lower === 0 ? (a < b ? -1 : a > b ? 1 : 0) : lower;
}

function oneLine(specifiers: readonly string[], style: FileStyle): string {
  return style.bracketSpacing ? `{ ${specifiers.join(', ')} }` : `{${specifiers.join(', ')}}`;
}

function manyLines(specifiers: readonly string[], style: FileStyle): string {
  const indent = indentUnit(style);
  const last = style.trailingComma === 'none' ? '' : ',';
  return `{\n${specifiers.map((one) => indent + one).join(',\n')}${last}\n}`;
}
