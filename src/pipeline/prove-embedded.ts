/** The proof of a call that was replaced inside a larger statement: both statements are described and run. */
import type { Catalog, Relation, Routine } from '../1-read/catalog.js';
import type { SingleStatement } from '../4-classify/verdict.js';
import type { EmbeddedDraft } from '../5-translate/draft.js';
import { bodyFacts } from '../7-prove/body-facts.js';
import { buildStatements } from '../7-prove/describe-draft.js';
import type { Evidence } from '../7-prove/evidence.js';
import { markedRoutine } from '../7-prove/marked-routine.js';
import { makeCases, type ArgumentShape } from '../7-prove/make-cases.js';
import type { Pair } from '../7-prove/pair.js';
import { printEmbedded, type EmbeddedTexts } from '../7-prove/print-embedded.js';
import { printFragment } from '../7-prove/print-fragment.js';
import type { ProofSession } from '../7-prove/proof-session.js';
import { runPairsIn } from '../7-prove/run-pairs.js';
import type { SampledRows } from '../7-prove/sample-rows.js';
import { toEvidence } from '../7-prove/to-evidence.js';
import type { Database, DescribeAnswer } from '../io/database.js';
import type { Options } from '../options.js';
import { statementNames } from '../sql/statement-names.js';
import { differs, notRun } from './evidence-of.js';
import type { ProofBench } from './proof-bench.js';
import { proveOnServer, refusedToRun } from './prove-on-server.js';
import type { Candidate } from './site-state.js';

export type EmbeddedCandidate = Candidate & {
  readonly draft: EmbeddedDraft;
  readonly verdict: SingleStatement;
};

export function isEmbedded(candidate: Candidate): candidate is EmbeddedCandidate {
  return candidate.draft.kind === 'embedded' && candidate.verdict.kind === 'single-statement';
}

interface Input {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly bench: ProofBench;
  readonly options: Pick<Options, 'seed' | 'budget'>;
  /** Rows of these tables, where they are to be copied. */
  readonly sample: (relations: readonly number[]) => Promise<{ readonly sampled?: SampledRows }>;
}

/** Both statements with and without the call; a string says why there are none. */
export function embeddedTexts({ site, use, draft, part }: EmbeddedCandidate): EmbeddedTexts | string {
  const print = site.site.embedded?.fragment === undefined ? printEmbedded : printFragment;
  return print(site, use, draft, part.project);
}

export async function proveEmbedded(
  candidate: EmbeddedCandidate,
  session: ProofSession,
  { db, catalog, bench, options, sample }: Input,
  deadlineMs: number,
): Promise<Evidence> {
  const { site, verdict } = candidate;
  const texts = embeddedTexts(candidate);
  if (typeof texts === 'string') return notRun(texts);
  const sent = await sentTexts(candidate, texts, session);
  if (typeof sent === 'string') return notRun(`the statement could not be built: ${sent}`);
  const [before, after] = await db.describe([{ text: sent.before }, { text: sent.after }]);
  const difference = differenceOf(before, after, sent, {
    sameNumbers: texts.statements === null,
    named: site.site.embedded?.fragment === undefined,
  });
  if (difference !== null) return differs(difference);
  const parameters = before?.ok === true ? before.parameters : [];
  const { routine, shapes } = withOtherValues(candidate, texts, parameters, sent.numbers);
  const outer = tablesOf(sent.before, catalog).map(({ oid }) => oid);
  const body = bodyFacts(verdict.statement);
  const facts = { ...body, relations: [...new Set([...body.relations, ...outer])] };
  const refused = refusedToRun(site.routine, facts, { catalog, bench });
  if (refused !== null) return notRun(refused);
  const { seed, budget } = options;
  const { sampled } = await sample(facts.relations);
  const made = makeCases({
    routine,
    catalog,
    facts,
    arguments: shapes,
    checks: bench.checks,
    limit: budget.cases,
    seed,
    ...(sampled === undefined ? {} : { sampled }),
  });
  const pair: Pair = {
    id: site.site.id,
    before: texts.before,
    after: texts.after,
    filename: site.site.file,
    cases: made.cases,
    counting: markedRoutine(site.routine),
    search: { seed, cases: budget.cases, seconds: budget.seconds, arguments: made.vocabulary },
  };
  const result = (await runPairsIn(session, [pair], { deadlineMs })).get(pair.id);
  if (result === undefined) return notRun('no result');
  if (result.status !== 'same') return toEvidence(result, facts);
  const served = await proveOnServer(pair, session, { routine: site.routine, facts, catalog, bench });
  if (served.difference !== null) return { ...differs(served.difference), cases: result.cases };
  const notes = [...result.notes, ...served.notes, ...made.notes, ...(sampled?.notes ?? [])];
  const { latency } = served;
  return { ...toEvidence({ ...result, notes }, served), ...(latency === undefined ? {} : { latency }) };
}

interface Sent {
  readonly before: string;
  readonly after: string;
  /** Number in the site's statement of each `$n` of `before`. */
  readonly numbers: readonly number[];
}

/** As they reach the server: Drizzle numbers the values of a template itself. */
async function sentTexts(
  { site }: EmbeddedCandidate,
  texts: EmbeddedTexts,
  session: ProofSession,
): Promise<Sent | string> {
  if (texts.statements === null) {
    const last = Math.max(0, ...texts.values);
    return { ...texts.sql, numbers: Array.from({ length: last }, (_, index) => index + 1) };
  }
  const args = Object.fromEntries(
    texts.values.map((number) => [`a${String(number)}`, `argument ${String(number)}`]),
  );
  const source = texts.statements;
  const built = await buildStatements(session, { source, filename: site.site.file, args });
  if (typeof built === 'string') return built;
  const [before, after] = built;
  if (before === undefined || after === undefined) return 'there are not two statements';
  const numbers = before.params.map((value) => Number(String(value).replace('argument ', '')));
  return { before: before.sql, after: after.sql, numbers };
}

/** Both must describe, with the same columns, which in a query builder go by no name; a driver that numbers values itself sends them by their types too. */
function differenceOf(
  before: DescribeAnswer | undefined,
  after: DescribeAnswer | undefined,
  texts: { readonly before: string; readonly after: string },
  { sameNumbers, named }: { readonly sameNumbers: boolean; readonly named: boolean },
): Evidence['difference'] {
  const input = texts.after;
  if (before?.ok !== true || after === undefined) return null;
  if (!after.ok) {
    const { sqlstate, message } = after.failure;
    const summary = 'PostgreSQL refuses the statement';
    return { level: 'describe', summary, before: '', after: `${sqlstate} ${message}`, input };
  }
  const columns = (answer: typeof after): string =>
    answer.columns.map(({ name, type }) => `${named ? `${name} ` : ''}${String(type)}`).join(', ');
  if (columns(before) !== columns(after)) {
    const summary = 'the columns differ';
    return { level: 'describe', summary, before: columns(before), after: columns(after), input };
  }
  const types = (answer: typeof after): string => answer.parameters.join(', ');
  if (sameNumbers && types(before) !== types(after)) {
    const summary = 'the parameters have other types';
    return { level: 'describe', summary, before: types(before), after: types(after), input };
  }
  return null;
}

/** The other values of the statement as further arguments of the routine, so that they get inputs too. */
function withOtherValues(
  { site, use }: EmbeddedCandidate,
  texts: EmbeddedTexts,
  types: readonly number[],
  numbers: readonly number[],
): { readonly routine: Routine; readonly shapes: readonly ArgumentShape[] } {
  const inputs = site.routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table');
  const extra: Routine['arguments'][number][] = [];
  const names = statementNames(texts.sql.before).columns;
  const shapes = texts.values.map((number): ArgumentShape => {
    const fact = use.arguments.find((one) => one.hole === number);
    const binding = site.bindings.find(({ argument }) => argument?.hole?.index === number);
    const own =
      binding ?? site.bindings.find(({ argument }) => argument?.holes.some((hole) => hole.index === number));
    if (own === undefined) {
      const type = types[numbers.indexOf(number)] ?? 25;
      extra.push({ name: names.get(number) ?? null, type, mode: 'in', default: null });
    }
    return {
      key: `a${String(number)}`,
      position: own?.position ?? inputs.length + extra.length,
      members: fact?.members ?? [],
      mayBeNull: fact?.mayBeNull ?? true,
      mayBeUndefined: false,
    };
  });
  return { routine: { ...site.routine, arguments: [...inputs, ...extra] }, shapes };
}

function tablesOf(text: string, catalog: Catalog): readonly Relation[] {
  return statementNames(text).tables.flatMap(({ schema, table }) => {
    const schemas = schema === null ? catalog.searchPath : [schema];
    const found = schemas.map((one) =>
      catalog.relations.find((relation) => relation.schema === one && relation.name === table),
    );
    return found.find((relation) => relation !== undefined) ?? [];
  });
}
