/** What the runner is given for a translation: both sides, cases aimed at the body, and how to count its branches. */
import type { Catalog } from '../1-read/catalog.js';
import { testsFinite } from '../2-find/request-arguments.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import { bodyFacts } from '../7-prove/body-facts.js';
import { withBoundLiterals } from '../7-prove/bound-literals.js';
import { failingRead } from '../7-prove/failing-read.js';
import { makeCases, type ArgumentShape } from '../7-prove/make-cases.js';
import { markedRoutine } from '../7-prove/marked-routine.js';
import type { Pair } from '../7-prove/pair.js';
import { printModulePair, printPair, type PairTexts } from '../7-prove/print-pair.js';
import { withCaller } from '../7-prove/print-identity.js';
import { expectedEffects } from '../7-prove/sent-checks.js';
import type { SampledRows } from '../7-prove/sample-rows.js';
import type { Options } from '../options.js';
import type { ProofBench } from './proof-bench.js';
import type { Candidate } from './site-state.js';

export type Provable = Candidate & { readonly draft: InlineDraft | ModuleDraft };

export function isProvable(candidate: Candidate): candidate is Provable {
  return candidate.draft.completeness === 'complete' && candidate.draft.kind !== 'embedded';
}

export interface PrepareInput {
  readonly catalog: Catalog;
  readonly options: Pick<Options, 'seed' | 'budget'>;
  readonly checks: ProofBench['checks'];
  readonly bodies: ProofBench['bodies'];
  readonly sampled?: SampledRows;
}

export interface PreparedPair {
  readonly pair: Pair;
  /** Arguments that no value is known for. */
  readonly notes: readonly string[];
}

export function preparePair(
  candidate: Provable,
  texts: PairTexts,
  { catalog, options, checks, bodies, sampled }: PrepareInput,
): PreparedPair {
  const { site, verdict } = candidate;
  const body = verdict.kind === 'single-statement' ? verdict.statement : verdict.body;
  const { seed, budget } = options;
  const made = makeCases({
    routine: site.routine,
    catalog,
    facts: withBoundLiterals(bodyFacts(body, bodies), site.bindings),
    arguments: argumentShapes(candidate),
    checks,
    limit: budget.cases,
    seed,
    ...(sampled === undefined ? {} : { sampled }),
  });
  const failing = 'sql' in body ? failingRead(body, made.cases, site.routine.sqlBody === null) : [];
  const pair: Pair = {
    id: site.site.id,
    before: texts.before,
    after: texts.after,
    filename: site.site.file,
    cases: [...made.cases, ...failing],
    counting: markedRoutine(site.routine.identity?.declared ?? site.routine),
    unordered: 'sql' in body && !(body.kind === 'select' && body.orderBy.length > 0),
    expected: expectedEffects(body),
    search: { seed, cases: budget.cases, seconds: budget.seconds, arguments: made.vocabulary },
  };
  return { pair, notes: [...made.notes, ...(sampled?.notes ?? [])] };
}

export function textsOf({ site, use, draft, part }: Provable): PairTexts | string {
  const texts =
    draft.kind === 'inline'
      ? printPair(site, use, draft, part.project)
      : printModulePair(site, use, draft, part.project);
  return typeof texts === 'string' ? texts : withCaller(texts, site);
}

/** The holes that bind an argument, each with the types that its site admits. */
export function argumentShapes({ site, use }: Provable): readonly ArgumentShape[] {
  return site.bindings.flatMap(({ position, argument, parameter }): ArgumentShape[] => {
    const holes = argument?.holes ?? [];
    const element = argument?.collected?.type;
    return holes.map(({ index, form }) => {
      const fact = use.arguments.find((candidate) => candidate.hole === index);
      return {
        key: `a${index}`,
        position,
        type: element ?? parameter.type,
        members: fact?.given ?? fact?.members ?? [],
        tested: testsFinite(form),
        mayBeNull: fact?.mayBeNull ?? true,
        ...(fact !== undefined && itemsAreNotNull(fact) ? { itemsNotNull: true } : {}),
        // What stands for undefined is told by the form alone.
        mayBeUndefined: form?.some((text) => /\?\?|undefined|[^=]== null/.test(text)) === true,
      };
    });
  });
}

/** Told by the text of the type; where null is not told from other values, it names none. */
function itemsAreNotNull({ type, mayBeNull }: ArgumentUse): boolean {
  const items = /^(?:readonly )?(?:number|string|bigint|boolean|Date)\[\](?: \| (?:null|undefined))*$/.test(
    type,
  );
  return items && (!mayBeNull || type.includes('null'));
}
