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
import { printPair } from '../../dist/7-prove/print-pair.js';
import { drizzleSchema, schemaFile } from './drizzle-schema.js';
import { syntheticSites, syntheticUse } from './synthetic-sites.js';

/**
 * @typedef {object} Outcome
 * @property {import('../../dist/1-read/catalog.js').Routine} routine
 * @property {'keep' | 'single' | 'multi'} verdict As classify says, before anything is translated.
 * @property {'kept' | 'complete' | 'skeleton' | 'refused' | 'not-called' | 'crash'} status
 * @property {string} reason Why it is kept, refused or not called; the error of a crash; else empty.
 * @property {string | null} described Of a complete one: `ok`, or what PostgreSQL refuses.
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
  const outcomes = [];
  for (const routine of routines) {
    outcomes.push(await measure(routine, { bodies, sites, project, objects: schema.objects, catalog, db }));
  }
  return outcomes;
}

async function measure(routine, context) {
  const { bodies, sites, project, catalog } = context;
  const base = { routine, reason: '', described: null, statement: '' };
  let verdict = null;
  try {
    verdict = classify(routine, bodies.get(routine.oid) ?? [], catalog);
  } catch (error) {
    return { ...base, verdict: 'keep', status: 'crash', reason: `classify: ${stackOf(error)}` };
  }
  if (verdict.kind === 'keep') {
    const [{ id, detail }] = verdict.reasons;
    return { ...base, verdict: 'keep', status: 'kept', reason: id, statement: detail };
  }
  const kind = verdict.kind === 'single-statement' ? 'single' : 'multi';
  const site = sites.get(routine.oid);
  if (typeof site === 'string' || site === undefined)
    return { ...base, verdict: kind, status: 'not-called', reason: site ?? 'no site' };
  try {
    const use = syntheticUse(site, catalog);
    if (kind === 'multi') {
      const columns =
        site.output.shape === 'row'
          ? site.output.columns.map(({ source, type }) => ({ name: source, type }))
          : [];
      const draft = translateSteps({ routine, verdict, catalog, project, nullable: new Set(), columns });
      if (draft.kind === 'none')
        return { ...base, verdict: kind, status: 'refused', reason: reasonOf(draft) };
      return { ...base, verdict: kind, status: draft.completeness };
    }
    const draft = translateSingle({ site, use, verdict, catalog, project, cautious: false });
    if (draft.kind === 'none') return { ...base, verdict: kind, status: 'refused', reason: reasonOf(draft) };
    if (draft.completeness !== 'complete') return { ...base, verdict: kind, status: 'skeleton' };
    const answer = await describe(site, use, draft, context);
    return { ...base, verdict: kind, status: 'complete', ...answer };
  } catch (error) {
    return { ...base, verdict: kind, status: 'crash', reason: stackOf(error) };
  }
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

async function describe(site, use, draft, { project, objects, catalog, db }) {
  const args = {};
  const declared = new Map();
  for (const { argument, parameter } of site.bindings) {
    const hole = argument?.hole;
    if (hole == null) continue;
    const numeric = use.arguments.some(
      ({ hole: index, members }) => index === hole.index && members.includes('number'),
    );
    const value = numeric ? 900_000 + hole.index : `argument ${String(hole.index)}`;
    args[`a${String(hole.index)}`] = value;
    if (argument.casts.length === 0) declared.set(value, parameter.type);
  }
  const { statements } = printPair(site, use, draft, project);
  const built = build(statements, objects)(unconnected, args).map(toStatement);
  const read = draft.shape === 'rows' || draft.shape === 'result';
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
