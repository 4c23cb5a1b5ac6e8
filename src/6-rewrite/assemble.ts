/**
 * Puts the plans of any subset of sites together into file changes. Pure: the same plans and texts give the same
 * changes, so a site that is declined takes its imports and its module away with it.
 */
import { applyEdits, splitByteOrderMark } from './apply-edits.js';
import { readFileImports } from './file-imports.js';
import { inferStyle, type FileStyle } from './file-style.js';
import { editedLines } from './edited-lines.js';
import type { ImportResolver } from './import-resolver.js';
import { importSpecifier } from './import-specifier.js';
import { joinArms } from './join-arms.js';
import { mergeImports } from './merge-imports.js';
import { moduleChanges } from './module-files.js';
import { parseSource } from './place-context.js';
import type { FileChange, SitePlan } from './site-plan.js';
import { countReferences } from './visible-names.js';

export interface AssembleOptions {
  readonly resolver: ImportResolver;
  /** Style of each file; a file that is missing here is judged by its text. */
  readonly styles?: ReadonlyMap<string, FileStyle>;
  /** Text of a file that `files` lacks: an index or support file of an earlier run. */
  readonly existing?: (path: string) => string | null;
  /** By the tsconfig that governs a file, where that may be another one: in place of `resolver`. */
  readonly resolverFor?: (path: string) => ImportResolver;
}

/**
 * @param files texts as on disk by absolute path: every file that a plan names.
 * Throws (a bug) when edits of two sites overlap.
 */
export function assemble(
  plans: readonly SitePlan[],
  files: ReadonlyMap<string, string>,
  options: AssembleOptions,
): readonly FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, group] of byFile(plans)) {
    const before = files.get(path);
    if (before === undefined) throw new Error(`No text was given for ${path}`);
    const change = rewriteFile(path, before, group, options);
    if (change.after !== before) changes.push(change);
  }
  return [...changes, ...moduleChanges(plans, files, options)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function rewriteFile(
  path: string,
  raw: string,
  plans: readonly SitePlan[],
  options: AssembleOptions,
): FileChange {
  const { mark, text } = splitByteOrderMark(raw);
  const source = parseSource(path, text);
  const imports = readFileImports(source);
  const style = options.styles?.get(path) ?? inferStyle(source);
  const edits = joinArms(plans, text, style);
  const edited = parseSource(path, applyEdits(text, edits));

  const candidates = new Set(plans.flatMap((plan) => plan.mayBecomeUnused));
  const unused = [...candidates].filter(
    (name) => countReferences(source, name) > 0 && countReferences(edited, name) === 0,
  );
  const located = plans
    .flatMap((plan) => plan.imports)
    .map((need) => ({ need, specifier: importSpecifier(path, need, imports, resolverOf(options, path)) }));
  const all = [...edits, ...mergeImports(source, imports, located, new Set(unused), style)];
  const after = applyEdits(text, all);
  return {
    path,
    before: raw,
    after: mark + after,
    sites: editedLines(source, plans, all, after),
    edits: all,
  };
}

export function resolverOf(options: AssembleOptions, path: string): ImportResolver {
  return options.resolverFor?.(path) ?? options.resolver;
}

function byFile(plans: readonly SitePlan[]): ReadonlyMap<string, readonly SitePlan[]> {
  const groups = new Map<string, SitePlan[]>();
  for (const plan of plans) groups.set(plan.file, [...(groups.get(plan.file) ?? []), plan]);
  return groups;
}
