/** Which files git ignores, by the .gitignore files from the repository's root down. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

interface RuleSet {
  /** Folder of the .gitignore, that its patterns start from. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * `below` are the .gitignore files inside `folder`. The rules of folders above it, up to the repository's root
 * or else `cwd`, count too, unless they ignore `folder` itself: then it was named on purpose.
 */
export function readIgnoreRules(
  folder: string,
  cwd: string,
  below: readonly string[],
): (file: string) => boolean {
  const above = parents(folder, cwd).map((parent) => path.join(parent, '.gitignore'));
  const outer = above.filter((file) => existsSync(file)).map(readRules);
  const meant = folderIgnored(outer, folder);
  const all = [...(meant ? [] : outer), ...below.map(readRules)].sort(
    (a, b) => a.folder.length - b.folder.length,
  );
  return (file) => decide(all, file);
}

/** A deeper file overrules a shallower one, and `!pattern` takes back. */
function decide(all: readonly RuleSet[], file: string): boolean {
  let ignored = false;
  for (const { folder, rules } of all) {
    if (!file.startsWith(`${folder}/`)) continue;
    const result = rules.test(file.slice(folder.length + 1));
    if (result.ignored) ignored = true;
    if (result.unignored) ignored = false;
  }
  return ignored;
}

function folderIgnored(outer: readonly RuleSet[], folder: string): boolean {
  return outer.some(
    (one) => one.folder !== folder && one.rules.ignores(`${path.relative(one.folder, folder)}/`),
  );
}

/** The folders above `folder`, outermost first, from the root of its repository or from `cwd`. */
function parents(folder: string, cwd: string): readonly string[] {
  const chain: string[] = [];
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(folder, '.git'))) return [];
    chain.unshift(at);
    if (existsSync(path.join(at, '.git'))) return chain;
    if (at === path.dirname(at)) break;
  }
  const inside = folder === cwd || folder.startsWith(`${cwd}${path.sep}`);
  return inside ? chain.filter((one) => one === cwd || one.startsWith(`${cwd}${path.sep}`)) : [];
}

function readRules(file: string): RuleSet {
  return { folder: path.dirname(file), rules: ignore().add(readFileSync(file, 'utf8')) };
}
