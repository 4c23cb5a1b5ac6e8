/**
 * One call site for a routine, as people write it, with an argument of a fitting type for each parameter.
 * The site is found and resolved as the sites of a project are.
 */
import { findCallSites } from '../../dist/2-find/find-call-sites.js';
import { routineNames } from '../../dist/2-find/scan-names.js';
import { resolveSites } from '../../dist/2-find/resolve-sites.js';
import { parameterType, parameterUse } from '../../dist/5-translate/parameter-type.js';

/**
 * The resolved site of each routine by OID, or why there is none.
 * @param {readonly import('../../dist/1-read/catalog.js').Routine[]} routines
 */
export async function syntheticSites(routines, catalog, db) {
  const names = routineNames(catalog);
  const open = [];
  const sites = new Map();
  for (const routine of routines) {
    const text = siteText(routine, catalog);
    const path = `/coverage/site-${String(routine.oid)}.ts`;
    const site = findCallSites({ path, text }, names, '/coverage').find(({ kind }) => kind === 'execute');
    if (site === undefined) sites.set(routine.oid, 'the call was not found in its text');
    else open.push({ routine, site });
  }
  const { resolved, unresolved } = await resolveSites(
    open.map(({ site }) => site),
    catalog,
    db,
  );
  const refusals = new Map(unresolved.map(({ site, refusal }) => [site, refusal]));
  const found = new Map(resolved.map((one) => [one.site, one]));
  for (const { routine, site } of open) {
    const one = found.get(site);
    const refusal = refusals.get(site);
    if (refusal !== undefined) sites.set(routine.oid, `${refusal.reason}: ${refusal.detail}`);
    else if (one === undefined || one.routine.oid !== routine.oid)
      sites.set(routine.oid, 'the call means another routine');
    else sites.set(routine.oid, one);
  }
  return sites;
}

/** How the synthetic site uses its result: every column of every row; a void one is a statement of its own. */
export function syntheticUse(site, catalog) {
  const isVoid = site.output.shape === 'void';
  return {
    client: {
      kind: 'drizzle',
      driver: 'node-postgres',
      executor: 'db',
      executorImport: null,
      inTransaction: false,
      refusal: null,
    },
    target: site.site.span,
    awaited: true,
    shape: isVoid ? 'nothing' : 'rows',
    field: null,
    edits: [],
    reads: [],
    readsOnly: false,
    fieldsRead: 'all',
    declares: isVoid ? null : 'result',
    arguments: site.bindings.flatMap(({ argument, parameter }) =>
      argument?.hole == null ? [] : [argumentUse(argument.hole, parameter.type, catalog)],
    ),
    hoistPoint: null,
  };
}

function argumentUse(hole, oid, catalog) {
  const [type] = parameterType(catalog, oid)
    .replace(/\((\w+) \| string\)/g, '$1')
    .split(/ \| (?=string)/);
  if (type === 'unknown') return parameterUse('string', hole.index, false);
  if (type === 'Date') return parameterUse('string', hole.index, false);
  return parameterUse(type, hole.index, false);
}

function siteText(routine, catalog) {
  const inputs = routine.arguments.filter(({ mode }) => ['in', 'inout', 'variadic'].includes(mode));
  const overloaded =
    catalog.routines.filter(({ schema, name }) => schema === routine.schema && name === routine.name).length >
    1;
  const list = inputs.map(({ type, mode }, index) => {
    const found = catalog.types.get(type);
    const value = found?.category === 'A' ? `\${sql.param(a${index + 1})}` : `\${a${index + 1}}`;
    const cast = overloaded ? `::${found?.sqlName ?? 'unknown'}` : '';
    return `${mode === 'variadic' ? 'VARIADIC ' : ''}${value}${cast}`;
  });
  const name = `${quoted(routine.schema)}.${quoted(routine.name)}(${list.join(', ')})`;
  const statement = routine.kind === 'procedure' ? `CALL ${name}` : `SELECT * FROM ${name}`;
  return `import { sql } from 'drizzle-orm';\nconst result = await db.execute(sql\`${statement}\`);\n`;
}

function quoted(name) {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
