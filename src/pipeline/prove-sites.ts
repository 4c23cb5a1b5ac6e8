/** The stages static, describe and run for each complete translation, on a clone and never on the database. */
import { dirname } from 'node:path';
import type { Catalog } from '../1-read/catalog.js';
import { buildStatements, describeDraft } from '../7-prove/describe-draft.js';
import type { Evidence } from '../7-prove/evidence.js';
import { bodyFacts } from '../7-prove/body-facts.js';
import type { ProofProject } from '../7-prove/pair.js';
import type { ProofSession } from '../7-prove/proof-session.js';
import { runPairsIn } from '../7-prove/run-pairs.js';
import { sampleRows, type SampledRows } from '../7-prove/sample-rows.js';
import { staticChecks } from '../7-prove/static-checks.js';
import { toEvidence } from '../7-prove/to-evidence.js';
import type { Database } from '../io/database.js';
import type { Progress } from '../io/progress.js';
import type { Options } from '../options.js';
import type { Drafted } from './draft-sites.js';
import { differs, notRun } from './evidence-of.js';
import { runtimeOf, type ProofBench } from './proof-bench.js';
import { proveOnServer, refusedToRun } from './prove-on-server.js';
import { argumentShapes, isProvable, preparePair, textsOf, type Provable } from './prepare-pair.js';
import { expectation, probeArguments } from './probe-arguments.js';
import { openKnownVerdicts } from './known-verdicts.js';
import { embeddedTexts, isEmbedded, proveEmbedded, type EmbeddedCandidate } from './prove-embedded.js';
import type { AlternativePlan, Candidate, Proposal, Settled } from './site-state.js';

export interface ProveInput {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly options: Options;
  readonly progress: Progress;
  /** Null when the proof is switched off or no routine is one statement. */
  readonly bench: ProofBench | null;
}

export interface Proven {
  readonly proposals: readonly Proposal[];
  readonly settled: readonly Settled[];
  readonly notes: readonly string[];
}

/** Milliseconds for each run of a side. */
const deadlineMs = 20_000;

export async function proveSites(drafted: readonly Drafted[], input: ProveInput): Promise<Proven> {
  const candidates = drafted.flatMap((part) => part.candidates);
  const settled = drafted.flatMap((part) => part.settled);
  if (input.options.prove === 'off') {
    return {
      proposals: candidates.map((one) => ({ ...withProvenForms(one), evidence: notRun('switched off') })),
      settled,
      notes: [],
    };
  }
  const complete = candidates.filter((one) => isProvable(one) || isEmbedded(one));
  const { bench } = input;
  if (complete.length === 0 || bench === null) {
    return {
      proposals: candidates.map((one) => ({ ...withProvenForms(one), evidence: notRun('incomplete') })),
      settled,
      notes: [],
    };
  }
  const { notes, checks } = bench;
  const sample = (relations: readonly number[]) => sampleFor(relations, input);
  const embedded = { ...input, bench, sample };
  const evidence = new Map<Candidate, Evidence>();
  const ofForms = new Map<AlternativePlan, Evidence>();
  const { serverVersion } = input.db;
  const verdicts = openKnownVerdicts(input.options, input.catalog, { serverVersion, checks });
  for (const { project, own } of byRuntime(complete)) {
    const session = await bench.session(project);
    const known = new Map<string, Evidence>();
    for (const candidate of own) {
      // Calls that are alike in text and types have one proof.
      const key = isEmbedded(candidate) ? embeddedKey(candidate) : proofKey(candidate, input.catalog);
      const kept = verdicts.get(candidate, key);
      const found =
        known.get(key) ??
        kept ??
        (isEmbedded(candidate)
          ? await proveEmbedded(candidate, session, embedded, deadlineMs)
          : await prove(candidate, session, checks, input));
      known.set(key, found);
      if (kept === null) verdicts.set(candidate, key, found);
      evidence.set(candidate, found);
      for (const form of candidate.alternatives ?? []) {
        const other = form.draft === undefined ? null : { ...candidate, draft: form.draft };
        if (other !== null && isProvable(other) && found.status !== 'differs')
          ofForms.set(form, await prove(other, session, checks, input));
      }
      input.progress.advance(evidence.size, complete.length);
    }
  }
  verdicts.save();
  const proposals = candidates.map((one) => ({
    ...withProvenForms(one, ofForms),
    evidence: evidence.get(one) ?? notRun('incomplete'),
  }));
  return { proposals, settled, notes };
}

/** Another translation is offered with its proof, and where that found nothing. */
function withProvenForms(
  candidate: Candidate,
  proofs: ReadonlyMap<AlternativePlan, Evidence> = new Map(),
): Candidate {
  const { alternatives } = candidate;
  if (alternatives === undefined) return candidate;
  const offered = alternatives.flatMap((form): readonly AlternativePlan[] => {
    if (form.draft === undefined) return [form];
    const evidence = proofs.get(form);
    return evidence?.status === 'proven' || evidence?.status === 'partial' ? [{ ...form, evidence }] : [];
  });
  return { ...candidate, alternatives: offered };
}

/** All that a proof depends on: both texts, where their imports start, and what the arguments may be. */
function proofKey(candidate: Provable, catalog: Catalog): string {
  const { site } = candidate;
  const { args } = probeArguments(candidate, catalog);
  return JSON.stringify([
    site.routine.oid,
    dirname(site.site.file),
    textsOf(candidate),
    argumentShapes(candidate),
    args,
  ]);
}

function embeddedKey(candidate: EmbeddedCandidate): string {
  const { site, use } = candidate;
  return JSON.stringify([site.routine.oid, dirname(site.site.file), embeddedTexts(candidate), use.arguments]);
}

/** Candidates by the Drizzle, driver and options that they run with. */
function byRuntime(
  candidates: readonly (Provable | EmbeddedCandidate)[],
): readonly { readonly project: ProofProject; readonly own: readonly (Provable | EmbeddedCandidate)[] }[] {
  const groups = new Map<string, { project: ProofProject; own: (Provable | EmbeddedCandidate)[] }>();
  for (const candidate of candidates) {
    const project = runtimeOf(candidate.part.project, candidate.use.client.driver);
    const key = JSON.stringify(project);
    const group = groups.get(key) ?? { project, own: [] };
    group.own.push(candidate);
    groups.set(key, group);
  }
  return [...groups.values()];
}

type Checks = ProofBench['checks'];

async function prove(
  candidate: Provable,
  session: ProofSession,
  checks: Checks,
  input: ProveInput,
): Promise<Evidence> {
  const { site, draft, verdict } = candidate;
  const body = verdict.kind === 'single-statement' ? verdict.statement : verdict.body;
  const texts = textsOf(candidate);
  if (typeof texts === 'string') return notRun(texts);
  const filename = site.site.file;
  const probe = probeArguments(candidate, input.catalog);
  const built = await buildStatements(session, { source: texts.statements, filename, args: probe.args });
  // What a person wrote need not be one builder: then what it sends is looked at when it runs.
  const edited = candidate.edited === true && (typeof built === 'string' || built.length === 0);
  if (typeof built === 'string' && !edited) return notRun(`the statement could not be built: ${built}`);
  const statements = typeof built === 'string' ? [] : built;
  const asked = !edited && (draft.kind === 'inline' || statements.length > 0);
  const found = asked
    ? staticChecks(
        body,
        statements.map(({ sql }) => sql),
      )
    : null;
  if (found !== null) return differs(found);
  const described = await describeDraft(
    input.db,
    null,
    statements,
    statements.map((statement) => expectation(candidate, statement, probe, input.catalog)),
  );
  if (described.difference !== null) return differs(described.difference);
  const facts = bodyFacts(body);
  const { bench, catalog } = input;
  if (bench === null) return notRun('no copy of the database');
  const refused = refusedToRun(site.routine, facts, { catalog, bench });
  if (refused !== null) return notRun(refused);
  const { pair, notes } = preparePair(candidate, texts, {
    ...input,
    checks,
    bodies: bench.bodies,
    ...(await sampleFor(facts.relations, input)),
  });
  const unknown = argumentShapes(candidate).find(
    ({ key, mayBeNull, mayBeUndefined }) =>
      !mayBeNull && !mayBeUndefined && notes.includes(`no value is known for argument ${key}`),
  );
  // NULL in its place is what the site's type rules out.
  if (unknown !== undefined)
    return notRun(`no value is known for argument ${unknown.key}, which is never null`);
  const results = await runPairsIn(session, [pair], { deadlineMs });
  const result = results.get(pair.id);
  if (result === undefined) return notRun('no result');
  if (result.status !== 'same') return toEvidence(result, facts);
  const served = await proveOnServer(pair, session, { routine: site.routine, facts, catalog, bench });
  if (served.difference !== null) return { ...differs(served.difference), cases: result.cases };
  const undescribed = edited ? ['types of the parameters, for the code was edited by hand'] : [];
  const all = {
    ...result,
    notes: [...result.notes, ...served.notes, ...notes, ...described.notes, ...undescribed],
  };
  const { latency } = served;
  return { ...toEvidence(all, served), ...(latency === undefined ? {} : { latency }) };
}

/** Nothing without --sample. */
async function sampleFor(
  relations: readonly number[],
  { db, catalog, options }: ProveInput,
): Promise<{ readonly sampled?: SampledRows }> {
  const { sample, seed } = options;
  return sample === null ? {} : { sampled: await sampleRows(db, catalog, { relations, rows: sample, seed }) };
}
