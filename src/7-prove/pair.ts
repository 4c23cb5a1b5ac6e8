/** What the runner is given and what it gives back. All of it is plain data that crosses a thread. */
import type { Driver } from '../1-read/user-project.js';
import type { Counting } from './branch-counter.js';
import type { SearchSpace } from './search-cases.js';
import type { ExpectedEffects } from './sent-checks.js';

/** The copy of the database that pairs run on. */
export type Clone = EmbeddedClone | ScratchClone;

export interface EmbeddedClone {
  readonly kind?: 'embedded';
  /** A PGlite data directory as `dumpDataDir` writes it. */
  readonly dump: Uint8Array;
  /** Names of the extensions it was made with: `citext`, `pgcrypto`. */
  readonly extensions: readonly string[];
  /** The search path that unqualified names were resolved with, when it is not the default. */
  readonly searchPath?: string;
}

/** A template database on a scratch server; each run works on copies of it. */
export interface ScratchClone {
  readonly kind: 'scratch';
  /** Of the server, with user and password. */
  readonly url: string;
  readonly template: string;
  readonly searchPath?: string;
}

/** Where the user's drizzle-orm, driver and tsconfig are found. */
export interface ProofProject {
  readonly packageFile: string;
  readonly driver: Driver;
  /** `casing` of the user's `drizzle()` call. */
  readonly casing?: string;
}

/** Two modules that export `run(db, args)` and should do the same. */
export interface Pair {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  /** Absolute path that relative imports start from; nothing is written there. */
  readonly filename: string;
  readonly cases: readonly ProofCase[];
  /** SQL that is run first and undone with the pair: definitions that the clone lacks. */
  readonly setup?: readonly string[];
  /** Marked copies of the routine, in which its branches are counted; the first that works is used. */
  readonly counting?: readonly Counting[];
  /** How to look for branches that the cases leave out. */
  readonly search?: SearchSpace;
  /** The body leaves the order of its rows open. */
  readonly unordered?: boolean;
  /** What the body locks and writes, and in which order. */
  readonly expected?: ExpectedEffects;
}

export interface ProofCase {
  readonly name: string;
  /** SQL that makes the rows; one that fails is left out and named in the result's notes. */
  readonly seed: readonly string[];
  /** Rows with several spellings, tried in order until one is accepted; run after `seed`. */
  readonly rows?: readonly RowCandidates[];
  /** SQL that is run after them, to take rows away. */
  readonly removed?: readonly string[];
  /** An argument of it is one that its type refuses: where both sides fail, either error may come first. */
  readonly refused?: boolean;
  /** SQL before each side that makes its statement fail, and SQL after it that undoes this. */
  readonly broken?: { readonly sql: string; readonly mended: string };
  /** JSON, with the tags of case-values.ts for what JSON cannot hold. */
  readonly args: unknown;
}

export interface RowCandidates {
  /** `public.agreements row 2`, for the note when all are refused. */
  readonly label: string;
  readonly inserts: readonly string[];
  /** Why there are no spellings. */
  readonly reason?: string;
  /** Nothing is said where all are refused. */
  readonly optional?: true;
}

export interface RunResult {
  readonly status: 'same' | 'differs' | 'not_run';
  /** Cases that ran to their end. */
  readonly cases: number;
  /** How many different outcomes (value or error, and rows) the old side had. */
  readonly outcomes: number;
  readonly difference: RunDifference | null;
  /** Sentences: noise of the old side that was masked, rows that could not be made, key order. */
  readonly notes: readonly string[];
  /** Why it did not run, or stopped. */
  readonly reason: string | null;
  /** Branches of the old body; null where they were not counted. */
  readonly branches: {
    readonly all: number;
    readonly taken: number;
    readonly missing: readonly string[];
  } | null;
}

export interface RunDifference {
  readonly case: string;
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** Arguments as JSON and the seed. */
  readonly input: string;
}
