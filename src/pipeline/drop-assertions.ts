/**
 * The end of the types stage: assertions that were needed round the old call and are not round the new one go
 * with the edit (`rows[0].id as number`), as a person would delete them.
 */
import type { CompilerProgram } from '../source/open-program.js';
import type { TextEdit } from '../2-find/result-use.js';
import { splitByteOrderMark } from '../6-rewrite/apply-edits.js';
import { originalSpan } from '../6-rewrite/original-offset.js';
import type { FileChange } from '../6-rewrite/site-plan.js';
import { needlessAssertions } from '../source/needless-assertions.js';
import { checkChanges } from './check-changes.js';
import type { Part } from './open-parts.js';
import type { Candidate } from './site-state.js';

/** By site. */
export type Deletions = ReadonlyMap<string, readonly Deletion[]>;

interface Deletion extends TextEdit {
  readonly removed: string;
}

/** The candidates with the deletions among their edits; as they came when the types do not hold without them. */
export function dropAssertions(
  candidates: readonly Candidate[],
  deletions: Deletions,
  part: Part,
): readonly Candidate[] {
  if (deletions.size === 0) return candidates;
  const dropped = candidates.map((candidate) => {
    const { plan } = candidate;
    const edits = deletions.get(plan.siteId);
    if (edits === undefined) return candidate;
    const names = edits.flatMap(({ removed }) => removed.match(/[A-Za-z_$][\w$]*/g) ?? []);
    const mayBecomeUnused = [...new Set([...plan.mayBecomeUnused, ...names])];
    return { ...candidate, plan: { ...plan, edits: [...plan.edits, ...edits], mayBecomeUnused } };
  });
  const found = checkChanges(
    part,
    dropped.map(({ plan }) => plan),
  );
  return found.length === 0 ? dropped : candidates;
}

/** Ends of the operands of assertions that were needless before any edit, by file: the user's own business. */
export function needlessBefore(
  candidates: readonly Candidate[],
  { program }: Part,
): ReadonlyMap<string, ReadonlySet<number>> {
  const files = new Set(candidates.map(({ plan }) => plan.file));
  return new Map(
    [...files].map((path) => {
      const found = needlessAssertions(program.checker, program.getSourceFile(path));
      return [path, new Set(found.map(({ position }) => position))];
    }),
  );
}

/** @param program holds the changed texts; `known` is what `needlessBefore` found without them. */
export function findDeletions(
  changes: readonly FileChange[],
  program: CompilerProgram,
  known: ReadonlyMap<string, ReadonlySet<number>>,
): Deletions {
  const deletions = new Map<string, readonly Deletion[]>();
  for (const change of changes) {
    const source = program.getSourceFile(change.path);
    if (change.before === null || change.edits === undefined || source === undefined) continue;
    const { text } = splitByteOrderMark(change.before);
    for (const { position, spans } of needlessAssertions(program.getTypeChecker(), source)) {
      const site = onlySiteAround(source.getLineAndCharacterOfPosition(position).line + 1, change);
      const edits = spans.flatMap((span) => deletionOf(originalSpan(span, text, change.edits ?? []), text));
      if (site === null || edits.length < spans.length) continue;
      if (edits.some(({ start }) => known.get(change.path)?.has(start))) continue;
      deletions.set(site, [...(deletions.get(site) ?? []), ...edits]);
    }
  }
  return deletions;
}

function deletionOf(span: { readonly start: number; readonly end: number } | null, text: string): Deletion[] {
  return span === null ? [] : [{ ...span, text: '', removed: text.slice(span.start, span.end) }];
}

/** Where a function holds several sites, an assertion may belong to either, and each may be declined alone. */
function onlySiteAround(line: number, { sites = [] }: FileChange): string | null {
  const around = sites.filter(({ scope }) => scope.first <= line && line <= scope.last);
  const ids = new Set(around.map(({ siteId }) => siteId));
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? id : null;
}
