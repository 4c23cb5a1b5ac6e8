/** The JSON report, version 1: a contract with its readers. Fields may be added; none may go or change. */
import { z } from 'zod';

const count = z.int().nonnegative();

const hazard = z.object({ rule: z.string(), message: z.string() });

/** Why something is not rewritten, in words. `line` is the line of the body, or null. */
const explanation = z.object({
  /** As in `reasons` and `reason`. */
  reason: z.string(),
  detail: z.string(),
  line: z.int().nullable(),
  /** What stands at that line. */
  text: z.string().optional(),
  sentence: z.string(),
  remedy: z.string(),
});

const difference = z.object({
  level: z.enum(['static', 'types', 'describe', 'run', 'races']),
  summary: z.string(),
  before: z.string(),
  after: z.string(),
  input: z.string(),
});

const timing = z.object({
  statements: z.object({ before: count, after: count }),
  round_trips: z.object({ before: count, after: count }),
  latency_ratio: z.object({ at_0_ms: z.number(), at_1_ms: z.number() }),
});

const proof = z
  .object({
    status: z.enum(['proven', 'partial', 'differs', 'not_run']),
    cases: count,
    branches_hit: count,
    branches: count,
    not_compared: z.array(z.string()),
    /** Set when the status is `differs`. */
    difference: difference.optional(),
    /** Set when the status is `not_run`. */
    reason: z.string().optional(),
    /** Of one call, measured on a scratch server; the ratios are new to old. */
    timing: timing.optional(),
  })
  .refine(
    (it) => it.status !== 'proven' || (it.not_compared.length === 0 && it.branches_hit === it.branches),
    {
      error: 'proven means that nothing is left uncompared and every branch was taken',
    },
  );

const routine = z.object({
  signature: z.string(),
  schema: z.string(),
  name: z.string(),
  language: z.string(),
  verdict: z.enum(['single-statement', 'multi-step', 'keep']),
  /** Ids, gravest first; `unsupported: <construct>`. */
  reasons: z.array(z.string()),
  explanations: z.array(explanation),
  hazards: z.array(hazard),
  translation: z.enum(['complete', 'skeleton', 'none']),
  todos: z.array(z.string()),
  statements: count,
  /** `after` is null without a translation. */
  round_trips: z.object({ before: count, after: count.nullable() }),
  proof,
  still_used_by: z.array(z.string()),
  /** Ids of call sites. */
  call_sites: z.array(z.string()),
});

const callSite = z.object({
  id: z.string(),
  file: z.string(),
  line: count,
  column: count,
  kind: z.enum(['rpc', 'execute', 'query', 'embedded']),
  /** Signature of the routine; the name as written when the site is not resolved. */
  routine: z.string(),
  status: z.enum(['rewritable', 'rewritten', 'kept', 'declined', 'unresolved']),
  /** An id, `unsupported: <construct>` or `type-error: <TSxxxx>`; null unless kept or unresolved. */
  reason: z.string().nullable(),
  explanation: explanation.nullable(),
  diff: z.string(),
  /** Set where a person accepted a change that does not do the same: what differs, and what shows it. */
  accepted_difference: z.object({ sentence: z.string(), counter_example: difference.nullable() }).optional(),
  /** Other translations, each proven, that the review offers: `one statement for the loop`. */
  other_forms: z.array(z.object({ name: z.string(), difference: z.string().nullable(), proof })).optional(),
  /** Set where a person changed the code in the review: the proof of what they wrote. */
  edited_by_hand: z.object({ proof }).optional(),
});

export const reportSchema = z.object({
  version: z.literal(1),
  database: z.object({ source: z.string(), server_version: z.string() }),
  summary: z.object({
    call_sites: count,
    rewritable: count,
    rewritten: count,
    kept: count,
    declined: count,
    unresolved: count,
    routines: count,
    single_statement: count,
    multi_step: count,
    complete: count,
    skeleton: count,
    proven: count,
  }),
  routines: z.array(routine),
  call_sites: z.array(callSite),
  tests_to_look_at: z.array(z.string()),
  /** What was written; both empty after a dry run. */
  files: z.object({ changed: z.array(z.string()), created: z.array(z.string()) }),
  notes: z.array(z.string()),
});

export type Report = z.output<typeof reportSchema>;
export type ReportRoutine = Report['routines'][number];
export type ReportCallSite = Report['call_sites'][number];
export type Explanation = z.output<typeof explanation>;
