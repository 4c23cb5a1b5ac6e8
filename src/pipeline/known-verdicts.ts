/** Verdicts that need no second proof: nothing that they depend on has changed. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Evidence } from '../7-prove/evidence.js';
import { digestOf } from '../io/check-cache.js';
import { openVerdictCache, proofDigest } from '../io/verdict-cache.js';
import type { Options } from '../options.js';
import type { Candidate } from './site-state.js';

export interface KnownVerdicts {
  /** `key` holds both texts and the arguments; the rest is added here. */
  get(candidate: Candidate, key: string): Evidence | null;
  set(candidate: Candidate, key: string, evidence: Evidence): void;
  save(): void;
}

export function openKnownVerdicts(
  options: Options,
  catalog: Catalog,
  surroundings: { readonly serverVersion: string; readonly checks: ReadonlyMap<number, readonly string[]> },
): KnownVerdicts {
  const { seed, budget, scratch, sample, cwd } = options;
  const cache = openVerdictCache(cwd);
  const proof = proofDigest();
  const tables = digestOf([
    JSON.stringify([catalog.relations, [...catalog.types], catalog.searchPath, [...surroundings.checks]]),
  ]);
  const digest = (candidate: Candidate, key: string): string => {
    const { project } = candidate.part;
    return digestOf([
      JSON.stringify([
        proof,
        seed,
        budget,
        scratch === null ? null : scratch.label,
        surroundings.serverVersion,
      ]),
      tables,
      ...bodiesOf(candidate.site.routine, catalog),
      JSON.stringify([project.drizzleVersion, project.casing, project.tables]),
      JSON.stringify(candidate.use.client.driver),
      key,
    ]);
  };
  return {
    get(candidate, key) {
      // Rows that are copied may be others each time.
      if (sample !== null) return null;
      return (cache.get(digest(candidate, key)) as Evidence | undefined) ?? null;
    },
    set(candidate, key, evidence) {
      // What differs or did not run is worth another look.
      if (sample !== null || (evidence.status !== 'proven' && evidence.status !== 'partial')) return;
      cache.set(digest(candidate, key), evidence);
    },
    save: () => cache.save(),
  };
}

/** Definitions of the routine, of those that it may call, and of those that triggers call. */
function bodiesOf(routine: Routine, catalog: Catalog): readonly string[] {
  const found = new Set<Routine>([routine]);
  const text = (one: Routine): string => `${one.definition ?? ''} ${one.source} ${one.sqlBody ?? ''}`;
  for (const one of found) {
    const words = new Set(
      text(one)
        .toLowerCase()
        .match(/[\w$]+/g) ?? [],
    );
    for (const other of catalog.routines) if (words.has(other.name.toLowerCase())) found.add(other);
  }
  const triggers = catalog.routines.filter(({ returnType }) => returnType === triggerType);
  return [...new Set([...found, ...triggers])].map(text);
}

/** pg_type OID of `trigger`. */
const triggerType = 2279;
