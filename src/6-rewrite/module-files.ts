/**
 * The files of generated modules: one a routine, an `index.ts` that exports them, and a `support.ts` with only
 * what they use. Files of earlier runs are joined, never replaced.
 */
import { posix } from 'node:path';
import { splitByteOrderMark } from './apply-edits.js';
import type { AssembleOptions } from './assemble.js';
import type { FileImports } from './file-imports.js';
import { prettierDefaults, type FileStyle } from './file-style.js';
import { importSpecifier } from './import-specifier.js';
import { declarationText, type LocatedNeed } from './merge-imports.js';
import { parseSource } from './place-context.js';
import type { EditedLines, FileChange, ImportNeed, ModuleNeed, SitePlan } from './site-plan.js';
import { supportText } from './support-file.js';

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
    if (module.exists) continue;
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
    const support = joinedSupport(group, files, options, style);
    const sites = group.flatMap((module) => users.get(module.path) ?? []);
    for (const change of [index, support]) {
      if (change !== null) changes.push({ ...change, sites: ofWholeFile(sites, change.after) });
    }
  }
  return changes;
}

function ofWholeFile(siteIds: readonly string[], text: string): readonly EditedLines[] {
  const lines = { first: 1, last: text.split('\n').length };
  return siteIds.map((siteId) => ({ siteId, ...lines, scope: lines }));
}

function joinedSupport(
  modules: readonly ModuleNeed[],
  files: ReadonlyMap<string, string>,
  options: AssembleOptions,
  style: FileStyle,
): FileChange | null {
  const path = modules[0]?.support?.path;
  if (path === undefined) return null;
  const before = files.get(path) ?? options.existing?.(path) ?? null;
  const known =
    before === null ? [] : [...before.matchAll(/export type (\w+)/g)].map((match) => match[1] ?? '');
  const made = supportText(modules, known);
  if (made === null) return null;
  if (before !== null) return { path, before, after: `${before.replace(/\n*$/, '\n\n')}${made.text}` };
  return { path, before, after: `${importBlock(path, made.imports, options, style)}\n\n${made.text}` };
}

function moduleText(module: ModuleNeed, options: AssembleOptions, style: FileStyle): string {
  const head = importBlock(module.path, module.imports, options, style);
  return head === '' ? module.text : `${head}\n\n${module.text}`;
}

/** Import statements of a file that has none yet: packages first, then files, types last in each. */
function importBlock(
  path: string,
  needs: readonly ImportNeed[],
  options: AssembleOptions,
  style: FileStyle,
): string {
  const none: FileImports = { declarations: [], commonJs: false };
  const groups = new Map<string, LocatedNeed[]>();
  for (const need of needs) {
    const specifier = importSpecifier(path, need, none, options.resolver);
    const key = `${specifier.startsWith('.') ? 1 : 0}\0${specifier}\0${need.typeOnly}`;
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
      const specifier = importSpecifier(path, need, { declarations: [], commonJs: false }, options.resolver);
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
