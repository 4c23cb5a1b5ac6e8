/** What becomes of each routine of a loaded project: its verdict, its translation, and PostgreSQL's word on it. */
import { createRequire } from 'node:module';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import ts from 'typescript';
import { parseRoutines } from '../../dist/3-parse/parse-routines.js';
import { classify } from '../../dist/4-classify/classify.js';
import { translateSingle } from '../../dist/5-translate/translate-single.js';
import { translateSteps } from '../../dist/5-translate/translate-steps.js';
import { describeDraft } from '../../dist/7-prove/describe-draft.js';
import { printModulePair, printPair } from '../../dist/7-prove/print-pair.js';
import { openCallees } from '../../dist/pipeline/open-callees.js';
import { checkModules } from './check-modules.js';
import { constructsOf } from './constructs.js';
import { drizzleSchema, schemaFile } from './drizzle-schema.js';
import { syntheticSites, syntheticUse } from './synthetic-sites.js';

/**
 * @typedef {object} Outcome
 * @property {import('../../dist/1-read/catalog.js').Routine} routine
 * @property {'keep' | 'single' | 'multi'} verdict As classify says, before anything is translated.
 * @property {'kept' | 'complete' | 'skeleton' | 'refused' | 'not-called' | 'crash'} status
 * @property {string} reason Why it is kept, refused, a skeleton or not called; the error of a crash; else empty.
 * @property {string | null} constructs Of several steps: what the body is made of, by constructs.js.
 * @property {string | null} described Of a complete one: `ok`, or what PostgreSQL refuses.
 * @property {string | null} checked Of complete several steps: `ok`, or what the compiler says of the module.
 * @property {string} statement The statement that was described.
 */

/** @returns {Promise<readonly Outcome[]>} One outcome for each of `routines`. */
export async function measureRoutines(routines, catalog, db) {
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
  const callees = openCallees(judged, new Map(), catalog, project);
  const context = { verdicts, sites, project, objects: schema.objects, catalog, callees, db };
  const outcomes = [];
  for (const routine of routines) outcomes.push(await measure(routine, context));
  const complete = outcomes.filter(({ draft }) => draft !== undefined);
  const messages = await checkModules(
    complete.map(({ draft }) => draft),
    schema.text,
    project,
  );
  return outcomes.map(({ draft, ...outcome }) => ({
    ...outcome,
    checked: draft === undefined ? null : (messages.get(draft) ?? 'ok'),
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
  const { verdicts, sites, project, catalog } = context;
  const base = { routine, reason: '', constructs: null, described: null, checked: null, statement: '' };
  const verdict = verdicts.get(routine.oid);
  if ('crash' in verdict) return { ...base, verdict: 'keep', status: 'crash', reason: verdict.crash };
  if (verdict.kind === 'keep') {
    const [{ id, detail }] = verdict.reasons;
    return { ...base, verdict: 'keep', status: 'kept', reason: id, statement: detail };
  }
  const several = verdict.kind === 'multi-step';
  const own = {
    ...base,
    verdict: several ? 'multi' : 'single',
    constructs: several ? constructsOf(verdict.body) : null,
  };
  const site = sites.get(routine.oid);
  if (typeof site === 'string' || site === undefined)
    return { ...own, status: 'not-called', reason: site ?? 'no site' };
  try {
    const use = syntheticUse(site, catalog);
    if (several) return { ...own, ...(await measureSteps(site, use, verdict, context)) };
    const draft = translateSingle({ site, use, verdict, catalog, project, cautious: false });
    if (draft.kind === 'none') return { ...own, status: 'refused', reason: reasonOf(draft) };
    if (draft.completeness !== 'complete') return { ...own, status: 'skeleton' };
    const { statements } = printPair(site, use, draft, project);
    return { ...own, status: 'complete', ...(await describe(site, use, draft, statements, context)) };
  } catch (error) {
    return { ...own, status: 'crash', reason: stackOf(error) };
  }
}

async function measureSteps(site, use, verdict, context) {
  const { project, catalog, callees } = context;
  const { routine } = site;
  const columns =
    site.output.shape === 'row'
      ? site.output.columns.map(({ source, type }) => ({ name: source, type }))
      : [];
  const nullable = callees.nullable(routine.oid);
  const draft = translateSteps({ routine, verdict, catalog, project, nullable, columns, callees });
  if (draft.kind === 'none') return { status: 'refused', reason: reasonOf(draft) };
  if (draft.completeness !== 'complete')
    return { status: 'skeleton', reason: draft.untranslated?.[0] ?? draft.todos[0] ?? '' };
  const pair = printModulePair(site, use, draft, project);
  if (typeof pair === 'string') return { status: 'refused', reason: `unsupported: ${pair}` };
  const answer = await describe(site, use, draft, pair.statements, context);
  return { status: 'complete', draft, ...answer };
}

function reasonOf({ reason, detail }) {
  return `${reason}: ${detail}`;
}

/** The message and the place that threw it. */
function stackOf(error) {
  const [message = '', place = ''] = String(error.stack ?? error).split('\n');
  return `${message} ${place.trim().replace(/\(?file:.*\/dist\//, '(')}`;
}

const unconnected = drizzle(new pg.Client({ connectionString: 'postgres://localhost/none' }));

async function describe(site, use, draft, statements, { objects, catalog, db }) {
  const args = {};
  const declared = new Map();
  for (const { argument, parameter } of site.bindings) {
    const hole = argument?.hole;
    if (hole == null) continue;
    const numeric = use.arguments.some(
      ({ hole: index, members }) => index === hole.index && members.includes('number'),
    );
    const value = numeric ? 900_000 + hole.index : `argument ${String(hole.index)}`;
    const listed = draft.kind === 'module' && catalog.types.get(parameter.type)?.category === 'A';
    args[`a${String(hole.index)}`] = listed ? [value] : value;
    if (argument.casts.length === 0) declared.set(value, parameter.type);
  }
  const built = build(statements, objects)(unconnected, args).map(toStatement);
  const read = draft.kind === 'inline' && (draft.shape === 'rows' || draft.shape === 'result');
  const columns = draft.columns.flatMap(({ key }) => {
    const column = site.output.columns.find((candidate) => candidate.key === key);
    return column === undefined ? [] : [{ name: key, type: baseTypeOf(catalog, column.type) }];
  });
  const expected = built.map(({ params }) => ({
    parameters: params.map((value) => typesOf(declared.get(value))),
    columns: read ? columns : null,
  }));
  const { difference } = await describeDraft(db, null, built, expected);
  const statement = built.map(({ sql }) => sql).join(';\n');
  if (difference === null) return { described: 'ok', statement };
  return { described: `${difference.summary}: ${difference.before} / ${difference.after}`, statement };
}

function typesOf(type) {
  if (type === undefined) return null;
  return [25, 1043].includes(type) ? [25, 1043] : [type];
}

function baseTypeOf(catalog, oid) {
  const type = catalog.types.get(oid);
  return type?.kind === 'domain' ? baseTypeOf(catalog, type.baseType) : oid;
}

const loaded = createRequire(import.meta.url);

/** The module that the proof would run, with the schema's tables at hand. */
function build(source, objects) {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const module = { exports: {} };
  const resolve = (name) => (name === schemaFile ? objects : loaded(name));
  new Function('require', 'module', 'exports', outputText)(resolve, module, module.exports);
  return module.exports.statements;
}

function toStatement(query) {
  const fragment = typeof query?.getSQL === 'function' ? query.getSQL() : query;
  const { sql, params } = unconnected.dialect.sqlToQuery(fragment);
  return { sql, params };
}
