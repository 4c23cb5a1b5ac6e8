/**
 * Mends findings by the codemods of `transforms/`, in memory: one codemod changes one file at a time, the file is
 * checked again, and a change that brings a new type error, or a new finding on what a statement reaches, is taken
 * back. Nothing is written here.
 */
import { openProgram, type Program } from '../source/open-program.js';
import { type Diagnostic, newDiagnostics } from '../source/diagnostics.js';
import { readFiles } from '../io/workspace.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { bodyRules } from './body-rules.js';
import { checkFiles, type ChosenRule } from './check-files.js';
import { groupByTsconfig } from './check-paths.js';
import type { Finding } from './finding.js';
import { programFacts } from './facts/program-facts.js';

/** Which codemod mends what a rule finds. */
export const codemods: Readonly<Record<string, string>> = {
  'raw-routine-call': 'rpc-to-execute',
  'client-not-released': 'release-in-finally',
  'tx-outer-db': 'outer-db-to-tx',
  'tx-raw': 'begin-to-transaction',
  'eq-null': 'is-null-for-null',
  'query-not-awaited': 'await-query',
  'jsonb-stringify': 'jsonb-value',
  'pool-no-guards': 'pool-guards',
};

/** Changes one text at these places only; says what it left and why, or what else is different now. */
export type Codemod = (
  file: { readonly path: string; readonly source: string },
  places: readonly Place[],
  options: object,
) => { readonly text: string; readonly left: readonly string[] };

type Place = Pick<Finding, 'line' | 'column' | 'data'>;

export interface FixRequest {
  readonly findings: readonly Finding[];
  readonly cwd: string;
  readonly rules: readonly ChosenRule[];
  /** What statements reach, or null. */
  readonly database: BodyDatabase | null;
  readonly load: (codemod: string) => Promise<Codemod>;
  /** What a codemod has to know of the project beside the places. */
  readonly options: (codemod: string, path: string, text: string) => Promise<object>;
  /** Those of a file's findings that are to be mended: what a baseline accepts is not. */
  readonly fresh: (findings: readonly Finding[]) => readonly Finding[];
}

export interface FixResult {
  readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** Why something stays as it is, by file. */
  readonly left: readonly { readonly file: string; readonly reason: string }[];
}

export async function fixFindings(request: FixRequest): Promise<FixResult> {
  const mendable = request.findings.filter(({ rule }) => codemods[rule] !== undefined);
  const files = [...new Set(mendable.map(({ file }) => file))];
  const before = new Map(readFiles(files));
  const texts = new Map(before);
  const left: { file: string; reason: string }[] = [];
  for (const [tsconfig, group] of groupByTsconfig({ files, cwd: request.cwd })) {
    const program = openProgram({ tsconfig, files: group });
    for (const file of group) {
      const own = request.findings.filter((finding) => finding.file === file);
      for (const reason of await fixFile(request, program, file, own, texts)) left.push({ file, reason });
    }
  }
  return {
    changes: files.flatMap((path) => {
      const [old = '', text = ''] = [before.get(path), texts.get(path)];
      return text === old ? [] : [{ path, before: old, after: text }];
    }),
    left,
  };
}

/** One codemod after the other, each on what is found once the last one is through. Gives the reasons for leaving. */
async function fixFile(
  request: FixRequest,
  program: Program,
  path: string,
  findings: readonly Finding[],
  texts: Map<string, string>,
): Promise<readonly string[]> {
  const reasons: string[] = [];
  const diagnostics = program.diagnostics([path]);
  let found = findings;
  for (const [rule, codemod] of Object.entries(codemods)) {
    if (!found.some((finding) => finding.rule === rule)) continue;
    const run = await request.load(codemod);
    const options = await request.options(codemod, path, texts.get(path) ?? '');
    /** Keeps the change, or takes it back and gives the reason. */
    const attempt = (places: readonly Finding[]): Attempt => {
      const source = texts.get(path) ?? '';
      const { text, left } = run({ path, source: source.replace(/^\uFEFF/, '') }, places, options);
      const whole = source.startsWith('\uFEFF') ? `\uFEFF${text}` : text;
      if (whole === source) return { kept: true, said: left };
      texts.set(path, whole);
      const { problem, next } = judge(request, program, path, { diagnostics, found, texts });
      if (problem === null) {
        found = next;
        return { kept: true, said: left };
      }
      texts.set(path, source);
      return { kept: false, said: [`line ${problem.line} is left: ${codemod} would bring ${problem.what}`] };
    };
    const places = found.filter((finding) => finding.rule === rule);
    const all = attempt(places);
    if (all.kept || places.length === 1) reasons.push(...all.said);
    else reasons.push(...oneByOne(() => found.filter((finding) => finding.rule === rule), attempt));
  }
  return reasons;
}

interface Attempt {
  readonly kept: boolean;
  readonly said: readonly string[];
}

/** Where all places together do not go, those that do are mended. Lines move, so that places are asked for anew. */
function oneByOne(
  places: () => readonly Finding[],
  attempt: (places: readonly Finding[]) => Attempt,
): readonly string[] {
  const said: string[] = [];
  let left = 0;
  for (;;) {
    const all = places();
    const next = all[left];
    if (next === undefined) return said;
    said.push(...attempt([next]).said);
    if (places().length >= all.length) left += 1;
  }
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

/** What the changed text brings: a type error, or a finding on what its statements reach in the database. */
function judge(
  request: FixRequest,
  program: Program,
  path: string,
  before: {
    readonly diagnostics: readonly Diagnostic[];
    readonly found: readonly Finding[];
    readonly texts: ReadonlyMap<string, string>;
  },
): { readonly problem: Problem | null; readonly next: readonly Finding[] } {
  let next = before.found;
  const changes = [...before.texts].map(([file, text]) => ({ path: file, text }));
  const after = program.withTexts(changes, [path], (changed) => {
    const file = changed.getSourceFile(path);
    const facts = programFacts(changed.getTypeChecker(), request.database);
    if (file !== undefined) next = request.fresh(checkFiles(facts, [file], request.rules));
  });
  const [error] = newDiagnostics(before.diagnostics, after);
  if (error !== undefined) {
    const what = `TS${error.code}, ${error.message.split('\n')[0] ?? ''}`;
    return { problem: { line: error.line, what }, next };
  }
  const worse = bodyRules.find(({ id }) => countOf(next, id) > countOf(before.found, id));
  const known = new Set(before.found.map(({ message }) => message));
  const finding = next.find(({ rule, message }) => rule === worse?.id && !known.has(message));
  if (finding === undefined) return { problem: null, next };
  return { problem: { line: finding.line, what: `${finding.rule}, ${finding.message}` }, next };
}

function countOf(findings: readonly Finding[], id: string): number {
  return findings.filter(({ rule }) => rule === id).length;
}
