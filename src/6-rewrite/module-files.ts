/**
 * The files of generated modules: one a routine, an `index.ts` that exports them, and a `support.ts` with only
 * what they use. Files of earlier runs are joined, never replaced.
 */
import { posix } from 'node:path';
import { applyEdits, splitByteOrderMark } from './apply-edits.js';
import { resolverOf, type AssembleOptions } from './assemble.js';
import { readFileImports, type FileImports } from './file-imports.js';
import { prettierDefaults, type FileStyle } from './file-style.js';
import { importSpecifier } from './import-specifier.js';
import { declarationText, mergeImports, type LocatedNeed } from './merge-imports.js';
import { parseSource } from './place-context.js';
import type {
  EditedLines,
  FileChange,
  ImportNeed,
  ModuleNeed,
  SitePlan,
  SupportNeed,
  SupportPiece,
} from './site-plan.js';

/** Changes for the modules that any of the plans needs. */
export function moduleChanges(
  plans: readonly SitePlan[],
  files: ReadonlyMap<string, string>,
  options: AssembleOptions,
): readonly FileChange[] {
  const modules = new Map<string, ModuleNeed>();
  const users = new Map<string, string[]>();
  for (const plan of plans) {
    for (const module of plan.modules) {
      modules.set(module.path, module);
      users.set(module.path, [...(users.get(module.path) ?? []), plan.siteId]);
    }
  }
  const changes: FileChange[] = [];
  for (const module of modules.values()) {
    const style = options.styles?.get(module.path) ?? prettierDefaults;
    if (module.exists || module.path === module.support?.path) continue;
    const after = moduleText(module, options, style);
    changes.push({
      path: module.path,
      before: null,
      after,
      sites: ofWholeFile(users.get(module.path) ?? [], after),
    });
  }
  for (const [folder, group] of byFolder([...modules.values()])) {
    const style = options.styles?.get(group[0]?.path ?? '') ?? prettierDefaults;
    const index = joinedIndex(folder, group, files, options, style);
    const sites = group.flatMap((module) => users.get(module.path) ?? []);
    if (index !== null) changes.push({ ...index, sites: ofWholeFile(sites, index.after) });
  }
  for (const [path, needs] of supportNeeds(plans)) {
    const style = options.styles?.get(path) ?? prettierDefaults;
    const support = supportChange(
      path,
      needs.map((need) => need.support),
      files,
      options,
      style,
    );
    const sites = needs.map((need) => need.siteId);
    if (support !== null) changes.push({ ...support, sites: ofWholeFile(sites, support.after) });
  }
  return changes;
}

function supportNeeds(
  plans: readonly SitePlan[],
): ReadonlyMap<string, readonly { readonly siteId: string; readonly support: SupportNeed }[]> {
  const needs = new Map<string, { siteId: string; support: SupportNeed }[]>();
  for (const { siteId, modules } of plans) {
    for (const { support } of modules) {
      if (support !== undefined)
        needs.set(support.path, [...(needs.get(support.path) ?? []), { siteId, support }]);
    }
  }
  return needs;
}

function ofWholeFile(siteIds: readonly string[], text: string): readonly EditedLines[] {
  const lines = { first: 1, last: text.split('\n').length };
  return siteIds.map((siteId) => ({ siteId, ...lines, scope: lines }));
}

function supportChange(
  path: string,
  needs: readonly SupportNeed[],
  files: ReadonlyMap<string, string>,
  options: AssembleOptions,
  style: FileStyle,
): FileChange | null {
  const before = files.get(path) ?? options.existing?.(path) ?? null;
  const known = before === null ? [] : [...before.matchAll(exported)].map((match) => match[1] ?? '');
  const pieces = new Map<string, SupportPiece>();
  for (const piece of needs.flatMap((need) => need.pieces)) {
    if (!known.includes(piece.name)) pieces.set(piece.name, piece);
  }
  if (pieces.size === 0) return null;
  const text = [...pieces.values()].map((piece) => piece.text).join('\n');
  const imports = [...pieces.values()].flatMap((piece) => piece.imports);
  if (before === null) {
    const head = importBlock(path, imports, options, style);
    return { path, before, after: head === '' ? text : `${head}\n\n${text}` };
  }
  const { mark, text: old } = splitByteOrderMark(before);
  const source = parseSource(path, old);
  const present = readFileImports(source);
  const located = imports
    .filter(
      (need) => !present.declarations.some((one) => one.bindings.some(({ local }) => local === need.local)),
    )
    .map((need) => ({ need, specifier: importSpecifier(path, need, present, resolverOf(options, path)) }));
  const end = { start: old.length, end: old.length, text: `${old.endsWith('\n') ? '' : '\n'}\n${text}` };
  const edits = [...mergeImports(source, present, located, new Set(), style), end];
  return { path, before, after: mark + applyEdits(old, edits) };
}

const exported = /export (?:type|interface|class|const|(?:async )?function) (\w+)/g;

/** The whole text of a new module. */
export function moduleText(module: ModuleNeed, options: AssembleOptions, style: FileStyle): string {
  const head = importBlock(module.path, module.imports, options, style);
  return head === '' ? module.text : `${head}\n\n${module.text}`;
}

/** Import statements of a file that has none yet: packages first, then files, types last in each. */
export function importBlock(
  path: string,
  needs: readonly ImportNeed[],
  options: AssembleOptions,
  style: FileStyle,
): string {
  const none: FileImports = { declarations: [], commonJs: false };
  const groups = new Map<string, LocatedNeed[]>();
  for (const need of needs) {
    const specifier = importSpecifier(path, need, none, resolverOf(options, path));
    const key = `${specifier.startsWith('.') ? 1 : 0}\0${specifier}`;
    const group = groups.get(key) ?? [];
    if (!group.some((one) => one.need.name === need.name && one.need.local === need.local))
      group.push({ need, specifier });
    groups.set(key, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => declarationText(group, false, style))
    .join('\n');
}

function joinedIndex(
  folder: string,
  modules: readonly ModuleNeed[],
  files: ReadonlyMap<string, string>,
  options: AssembleOptions,
  style: FileStyle,
): FileChange | null {
  const path = posix.join(folder, `index${posix.extname(modules[0]?.path ?? '.ts')}`);
  const before = files.get(path) ?? options.existing?.(path) ?? null;
  const known = before === null ? [] : exportedNames(path, before);
  const quote = style.singleQuote ? "'" : '"';
  const lines = modules
    .filter((module) => module.exports !== undefined && !known.includes(module.exports))
    .map((module) => {
      const need: ImportNeed = {
        name: '*',
        local: '',
        typeOnly: false,
        from: { kind: 'file', path: module.path },
      };
      const specifier = importSpecifier(
        path,
        need,
        { declarations: [], commonJs: false },
        resolverOf(options, path),
      );
      return `export { ${module.exports ?? ''} } from ${quote}${specifier}${quote}${style.semi ? ';' : ''}`;
    })
    .sort();
  if (lines.length === 0) return null;
  const old = before === null || before.endsWith('\n') || before === '' ? (before ?? '') : `${before}\n`;
  return { path, before, after: `${old}${lines.join('\n')}\n` };
}

function exportedNames(path: string, raw: string): readonly string[] {
  return [...parseSource(path, splitByteOrderMark(raw).text).text.matchAll(/export\s*\{([^}]*)\}/g)].flatMap(
    (match) => (match[1] ?? '').split(',').map((one) => (one.split(/\sas\s/).at(-1) ?? '').trim()),
  );
}

function byFolder(modules: readonly ModuleNeed[]): ReadonlyMap<string, readonly ModuleNeed[]> {
  const groups = new Map<string, ModuleNeed[]>();
  for (const module of modules.filter((one) => one.exports !== undefined)) {
    const folder = posix.dirname(module.path);
    groups.set(folder, [...(groups.get(folder) ?? []), module]);
  }
  return groups;
}
