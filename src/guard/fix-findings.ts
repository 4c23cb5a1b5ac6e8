/**
 * Mends findings by the codemods of `transforms/`, in memory: one codemod changes one file at a time, the file is
 * checked again, and a change that brings a new type error is taken back. Nothing is written here.
 */
import { openProgram, type Program } from '../source/open-program.js';
import { newDiagnostics } from '../source/diagnostics.js';
import { readFiles } from '../io/workspace.js';
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

export type Codemod = (
  file: { readonly path: string; readonly source: string },
  places: readonly { readonly line: number; readonly column: number }[],
) => { readonly text: string; readonly left: readonly string[] };

export interface FixRequest {
  readonly findings: readonly Finding[];
  readonly cwd: string;
  readonly rules: readonly ChosenRule[];
  readonly load: (codemod: string) => Promise<Codemod>;
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
      const own = mendable.filter((finding) => finding.file === file);
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
    const places = found.filter((finding) => finding.rule === rule);
    if (places.length === 0) continue;
    const run = await request.load(codemod);
    const source = texts.get(path) ?? '';
    const { text, left } = run({ path, source: source.replace(/^\uFEFF/, '') }, places);
    reasons.push(...left);
    const whole = source.startsWith('\uFEFF') ? `\uFEFF${text}` : text;
    if (whole === source) continue;
    texts.set(path, whole);
    let next = found;
    const changes = [...texts].map(([file, current]) => ({ path: file, text: current }));
    const after = program.withTexts(changes, [path], (changed) => {
      const file = changed.getSourceFile(path);
      if (file !== undefined)
        next = checkFiles(programFacts(changed.getTypeChecker()), [file], request.rules);
    });
    const [fresh] = newDiagnostics(diagnostics, after);
    if (fresh === undefined) found = next;
    else {
      texts.set(path, source);
      reasons.push(
        `line ${fresh.line} is left: ${codemod} would bring TS${fresh.code}, ${fresh.message.split('\n')[0] ?? ''}`,
      );
    }
  }
  return reasons;
}
