/**
 * Files to findings: what a tsconfig governs is one program. Only files that can reach a driver are looked at, and
 * of those only the ones whose text, or whose imports' texts, changed since the last run.
 */
import { findProjectRoot } from '../1-read/find-project-root.js';
import { digestOf, type CheckCache } from '../io/check-cache.js';
import { isHeapNearlyFull } from '../io/heap.js';
import { findAbove, readTextIfPresent } from '../io/project-files.js';
import { readFiles } from '../io/workspace.js';
import { foldImports } from '../source/import-components.js';
import { type ImportGraph, readImportGraph } from '../source/import-graph.js';
import { openProgram } from '../source/open-program.js';
import { readCompilerOptions } from '../source/read-compiler-options.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import { checkFiles, type ChosenRule } from './check-files.js';
import type { Finding } from './finding.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { programFacts } from './facts/program-facts.js';

export interface CheckRequest {
  /** Absolute paths of source files. */
  readonly files: readonly string[];
  readonly cwd: string;
  readonly rules: readonly ChosenRule[];
  /** Absolute paths; only these and what depends on them is checked. Null is everything. */
  readonly changed: ReadonlySet<string> | null;
  readonly cache: CheckCache;
  /** A digest of this program's code: another one may judge otherwise. */
  readonly code: string;
  /** What statements reach, or null. */
  readonly database: BodyDatabase | null;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** How many files were looked at closely, in this run or the one that the cache remembers. */
  readonly looked: number;
}

export async function checkPaths(request: CheckRequest): Promise<CheckResult> {
  const texts = new Map(readFiles(request.files));
  const findings: Finding[] = [];
  let looked = 0;
  for (const [tsconfig, files] of groupByTsconfig(request)) {
    const { compilerOptions } = readCompilerOptions(tsconfig, files);
    const graph = readImportGraph(
      new Map(files.map((path) => [path, texts.get(path) ?? ''])),
      compilerOptions,
    );
    const relevant = chooseFiles(files, graph, request.changed);
    looked += relevant.length;
    findings.push(...(await checkGroup(request, tsconfig, relevant, graph)));
  }
  request.cache.save();
  return { findings: findings.sort((a, b) => compare(a, b)), looked };
}

function compare(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** So many files at least are checked with what is known of types: to find it out anew takes seconds. */
const filesPerChecker = 200;
const filesPerSave = 1000;

async function checkGroup(
  request: CheckRequest,
  tsconfig: string | null,
  files: readonly string[],
  graph: ImportGraph,
): Promise<readonly Finding[]> {
  const around = digestOf([
    request.code,
    describeRules(request.rules),
    request.database?.digest ?? '',
    ...surroundings(tsconfig, files),
  ]);
  const digests = reachedDigests(graph);
  const found: Finding[] = [];
  const unknown = new Map<string, string>();
  for (const path of files) {
    const digest = digestOf([around, digests.get(path) ?? '']);
    const known = request.cache.get(path, digest);
    if (Array.isArray(known)) found.push(...(known as Finding[]));
    else unknown.set(path, digest);
  }
  if (unknown.size === 0) return found;
  await loadSqlParser();
  const program = openProgram({ tsconfig, files: [...unknown.keys()] });
  const sources = [...unknown.keys()].map((path) => program.getSourceFile(path));
  let facts = programFacts(program.checker, request.database);
  let since = 0;
  for (const [index, source] of sources.entries()) {
    // A run that is cut off leaves what it found to the next one.
    if (index > 0 && index % filesPerSave === 0) request.cache.save();
    if (since >= filesPerChecker && isHeapNearlyFull()) {
      program.renewChecker();
      facts = programFacts(program.checker, request.database);
      since = 0;
    }
    since += 1;
    const fresh = checkFiles(facts, [source], request.rules);
    request.cache.set(source.fileName, unknown.get(source.fileName) ?? '', fresh);
    found.push(...fresh);
  }
  return found;
}

/** For each file a digest of its text and of the texts of all that it imports, through others too. */
function reachedDigests(graph: ImportGraph): ReadonlyMap<string, string> {
  return foldImports<string>(graph, (component, imported) =>
    digestOf([...[...component].sort().map((path) => graph.files.get(path) ?? ''), ...[...imported].sort()]),
  );
}

/** What decides on types beside the files themselves. */
function surroundings(tsconfig: string | null, files: readonly string[]): readonly string[] {
  const start = tsconfig ?? files[0] ?? '';
  const locks = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'package.json'];
  return [
    readTextIfPresent(start === tsconfig ? start : '') ?? '',
    ...locks.map((name) => readTextIfPresent(findAbove(name, start)[0] ?? '') ?? ''),
  ];
}

function describeRules(rules: readonly ChosenRule[]): string {
  return rules.map(({ rule, severity }) => `${rule.id} ${severity}`).join();
}

const driver =
  /^(?:drizzle-orm|pg|pg-pool|pg-promise|postgres|@neondatabase\/|@vercel\/postgres|@supabase\/|@electric-sql\/)/;
/** A package of the workspace that was built, or one that hides a driver. */
const maybeDriver =
  /(?:^|[/@_-])(?:db|database|drizzle|sql|postgres|supabase|orm|data|persistence)(?:$|[/_-])/i;
const deadLetters = /dead.?letter|\bdlq\b|redrive/i;

function chooseFiles(
  files: readonly string[],
  graph: ImportGraph,
  changed: ReadonlySet<string> | null,
): readonly string[] {
  const drives = reaching(graph, (path) =>
    graph.packagesOf(path).some((name) => driver.test(name) || maybeDriver.test(name)),
  );
  const depends = changed === null ? null : reaching(graph, (path) => changed.has(path));
  return files.filter((path) => {
    if (depends?.get(path) === false) return false;
    const text = graph.files.get(path) ?? '';
    return deadLetters.test(text) || text.includes('migrate-rpc-ignore') || drives.get(path);
  });
}

/** For each file whether it is such a one, or imports one, through others too. */
function reaching(graph: ImportGraph, isSuch: (path: string) => boolean): ReadonlyMap<string, boolean> {
  return foldImports<boolean>(graph, (component, imported) => imported.has(true) || component.some(isSuch));
}

/** Files by the tsconfig that governs them; null for none. */
export function groupByTsconfig({
  files,
  cwd,
}: Pick<CheckRequest, 'files' | 'cwd'>): ReadonlyMap<string | null, readonly string[]> {
  const folders = new Map<string, string | null>();
  const groups = new Map<string | null, string[]>();
  for (const file of files) {
    const folder = file.slice(0, file.lastIndexOf('/'));
    let tsconfig = folders.get(folder);
    if (tsconfig === undefined) folders.set(folder, (tsconfig = findProjectRoot([file], cwd).tsconfig));
    const group = groups.get(tsconfig);
    if (group === undefined) groups.set(tsconfig, [file]);
    else group.push(file);
  }
  return groups;
}
