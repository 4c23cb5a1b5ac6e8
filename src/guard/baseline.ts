/**
 * Findings that are accepted for now. An entry is a rule, a file and a hash of the line of code, so that it still
 * holds when the line moves; equal lines are counted.
 */
import { z } from 'zod';
import { MigrateError } from '../errors.js';
import { digestOf } from '../io/check-cache.js';
import type { Finding } from './finding.js';

const baselineSchema = z.strictObject({
  version: z.literal(1),
  findings: z.array(
    z.strictObject({ rule: z.string(), file: z.string(), code: z.string(), count: z.int().positive() }),
  ),
});

export type Baseline = z.output<typeof baselineSchema>;

export interface Compared {
  readonly fresh: readonly Finding[];
  readonly accepted: number;
  /** Entries, or parts of their counts, that nothing was found for: they were mended. */
  readonly mended: number;
}

/** Throws MigrateError when the text is no baseline. */
export function parseBaseline(text: string, path: string): Baseline {
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new MigrateError('bad-baseline', `${path} is no baseline`, {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Write it anew with --update-baseline.',
    });
  }
}

/** `relative` names a finding's file as the baseline does, with forward slashes. */
export function compareBaseline(
  baseline: Baseline,
  findings: readonly Finding[],
  relative: (path: string) => string,
): Compared {
  const left = new Map<string, number>();
  for (const entry of baseline.findings) left.set(keyOf(entry.rule, entry.file, entry.code), entry.count);
  const fresh = findings.filter((finding) => {
    const key = keyOf(finding.rule, relative(finding.file), hashOf(finding));
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
  const mended = [...left.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
  return { fresh, accepted: findings.length - fresh.length, mended };
}

/** What is found now, in a form that changes little from one time to the next. */
export function makeBaseline(findings: readonly Finding[], relative: (path: string) => string): Baseline {
  const counts = new Map<string, Baseline['findings'][number]>();
  for (const finding of findings) {
    const entry = { rule: finding.rule, file: relative(finding.file), code: hashOf(finding), count: 1 };
    const key = keyOf(entry.rule, entry.file, entry.code);
    counts.set(key, { ...entry, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return {
    version: 1,
    findings: [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry),
  };
}

function hashOf(finding: Finding): string {
  return digestOf([finding.code.replaceAll(/\s+/g, ' ')]).slice(0, 16);
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
