/** What becomes of each routine of a loaded project: its verdict, its translation, and PostgreSQL's word on it. */
import { parseRoutines } from '../../dist/3-parse/parse-routines.js';
import { classify } from '../../dist/4-classify/classify.js';
import { translateSingle } from '../../dist/5-translate/translate-single.js';
import { translateSteps } from '../../dist/5-translate/translate-steps.js';
import { printModulePair, printPair } from '../../dist/7-prove/print-pair.js';
import { giveIdentities } from '../../dist/pipeline/give-identity.js';
import { judgeIdentity } from '../../dist/pipeline/judge-identity.js';
import { asSteps } from '../../dist/pipeline/callee-drafts.js';
import { openCallees } from '../../dist/pipeline/open-callees.js';
import { checkTypes } from './check-types.js';
import { constructsOf } from './constructs.js';
import { drizzleSchema } from './drizzle-schema.js';
import { proveTranslations } from './prove-translations.js';
import { syntheticSites, syntheticUse } from './synthetic-sites.js';

/**
 * @typedef {object} Outcome
 * @property {import('../../dist/1-read/catalog.js').Routine} routine
 * @property {'keep' | 'single' | 'multi'} verdict As classify says, before anything is translated.
 * @property {'kept' | 'complete' | 'skeleton' | 'refused' | 'not-called' | 'crash'} status
 * @property {string} reason Why it is kept, refused, a skeleton or not called; the error of a crash; else empty.
 * @property {string | null} constructs Of several steps: what the body is made of, by constructs.js.
 * @property {string | null} checked Of a complete one: `ok`, or what the compiler says of it.
 * @property {boolean} [identity] The identity of the caller is an argument of the translation.
 * @property {string} [detail] Of a kept one: what about it. Of a skeleton: its pieces, with line and text.
 * @property {string} [after] Of a complete one: the new side as the proof runs it.
 * @property {import('../../dist/7-prove/evidence.js').Evidence | null} evidence Of a complete one: what running it showed.
 */

/**
 * @param {{ name: string, prove: boolean, say: (text: string) => void }} options The project's name, whether translations are run, and who is told how far the proof is.
 * @returns {Promise<readonly Outcome[]>} One outcome for each of `routines`.
 */
export async function measureRoutines(routines, catalog, db, options) {
  const bodies = await parseRoutines(routines, catalog, db);
  const schema = drizzleSchema(catalog);
  const project = {
    root: '/coverage',
    packageFile: '/coverage/package.json',
    tsconfig: null,
    drizzleVersion: '0.45.4',
    tables: schema.tables,
    clients: [{ file: '/coverage/db.ts', exportName: 'db', driver: 'node-postgres' }],
    transactionHelpers: [],
    notes: [],
  };
  const sites = await syntheticSites(routines, catalog, db);
  const verdicts = new Map(routines.map((routine) => [routine.oid, verdictOf(routine, bodies, catalog)]));
  const judged = new Map(
    routines.flatMap((routine) => {
      const [body, verdict] = [bodies.get(routine.oid), verdicts.get(routine.oid)];
      if ('crash' in verdict) return [];
      return [[routine.oid, { routine, verdict, ...(body !== undefined && 'kind' in body ? { body } : {}) }]];
    }),
  );
  const called = [...sites.values()].filter((site) => typeof site === 'object');
  const identity = judgeIdentity(judged, called, catalog, []);
  const given = new Map(identity.sites.map((site) => [site.routine.oid, site]));
  const callees = openCallees(identity.judged, new Map(), identity.catalog, project);
  const context = {
    crashes: new Map(
      [...verdicts].flatMap(([oid, { crash }]) => (crash === undefined ? [] : [[oid, crash]])),
    ),
    judged: identity.judged,
    sites: new Map([...sites].map(([oid, site]) => [oid, given.get(oid) ?? site])),
    project,
    catalog: identity.catalog,
    callees,
  };
  const outcomes = [];
  for (const routine of routines) outcomes.push(await measure(routine, context));
  const candidates = outcomes.flatMap(({ candidate }) => (candidate === undefined ? [] : [candidate]));
  const messages = await checkTypes(candidates, schema.text, project);
  const input = {
    ...options,
    schema,
    project,
    judged: identity.judged,
    catalog: identity.catalog,
    db,
  };
  const evidence = options.prove ? await proveTranslations(candidates, input) : [];
  return outcomes.map(({ candidate, ...outcome }) => ({
    ...outcome,
    checked: candidate === undefined ? null : (messages.get(candidate.draft) ?? 'ok'),
    evidence: candidate === undefined ? null : (evidence[candidates.indexOf(candidate)] ?? null),
  }));
}

function verdictOf(routine, bodies, catalog) {
  try {
    return classify(routine, bodies.get(routine.oid) ?? [], catalog);
  } catch (error) {
    return { crash: `classify: ${stackOf(error)}` };
  }
}

async function measure(routine, context) {
  const { judged, crashes, sites, catalog } = context;
  const base = { routine, reason: '', constructs: null };
  const crash = crashes.get(routine.oid);
  if (crash !== undefined) return { ...base, verdict: 'keep', status: 'crash', reason: crash };
  const { verdict, routine: known } = judged.get(routine.oid);
  if (verdict.kind === 'keep') {
    const [{ id, detail }] = verdict.reasons;
    return { ...base, verdict: 'keep', status: 'kept', reason: id, detail };
  }
  const several = verdict.kind === 'multi-step';
  const own = {
    ...base,
    verdict: several ? 'multi' : 'single',
    constructs: several ? constructsOf(verdict.body) : null,
    identity: known.identity !== undefined,
  };
  const site = sites.get(routine.oid);
  if (typeof site === 'string' || site === undefined)
    return { ...own, status: 'not-called', reason: site ?? 'no site' };
  try {
    // Nothing is configured, so that no program is asked about an expression.
    const one = { site, use: syntheticUse(site, catalog) };
    const input = { catalog, context: [], part: { program: null } };
    const told = (await giveIdentities([one], input)).get(site.site.id);
    if ('reason' in told) return { ...own, status: 'refused', reason: reasonOf(told) };
    const make = several ? measureSteps : measureSingle;
    return { ...own, ...make(told.site, told.use, verdict, context) };
  } catch (error) {
    return { ...own, status: 'crash', reason: stackOf(error) };
  }
}

function measureSingle(site, use, verdict, context) {
  const { project, catalog, callees, judged } = context;
  const draft = translateSingle({ site, use, verdict, catalog, project, callees, cautious: false });
  if (draft.kind === 'none') {
    // What one statement cannot say, several may.
    const steps = draft.reason === 'unsupported' ? asSteps(judged.get(site.routine.oid)) : null;
    const other = steps === null ? null : measureSteps(site, use, steps, context);
    return other?.status === 'complete' ? other : { status: 'refused', reason: reasonOf(draft) };
  }
  if (draft.completeness !== 'complete') return { status: 'skeleton' };
  const { after } = printPair(site, use, draft, project);
  return { status: 'complete', after, candidate: { site, use, verdict, draft, after } };
}

function measureSteps(site, use, verdict, { project, catalog, callees }) {
  const { routine } = site;
  const columns =
    site.output.shape === 'row'
      ? site.output.columns.map(({ source, type }) => ({ name: source, type }))
      : [];
  const nullable = new Set([...callees.nullable(routine.oid), ...nullablePositions(site, use)]);
  const draft = translateSteps({ routine, verdict, catalog, project, nullable, columns, callees });
  if (draft.kind === 'none') return { status: 'refused', reason: reasonOf(draft) };
  if (draft.completeness !== 'complete')
    return {
      status: 'skeleton',
      reason: draft.untranslated?.[0] ?? draft.todos[0] ?? '',
      detail: draft.todos.join('\n'),
    };
  const pair = printModulePair(site, use, draft, project);
  if (typeof pair === 'string') return { status: 'refused', reason: `unsupported: ${pair}` };
  const { after } = pair;
  return { status: 'complete', after, candidate: { site, use, verdict, draft, after } };
}

function nullablePositions({ bindings }, use) {
  const nullable = new Set(use.arguments.flatMap(({ hole, mayBeNull }) => (mayBeNull ? [hole] : [])));
  return bindings.flatMap(({ position, argument }) =>
    nullable.has(argument?.hole?.index) ? [position] : [],
  );
}

function reasonOf({ reason, detail }) {
  return `${reason}: ${detail}`;
}

/** The message and the place that threw it. */
function stackOf(error) {
  const [message = '', place = ''] = String(error.stack ?? error).split('\n');
  return `${message} ${place.trim().replace(/\(?file:.*\/dist\//, '(')}`;
}
