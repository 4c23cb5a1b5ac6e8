/**
 * What PostgREST did for a request besides calling the function, which the query does not do: the role of the
 * token, its statuses for errors (PostgREST documentation, "Raise errors with HTTP status codes"), and its limit.
 */
import type { Catalog } from '../1-read/catalog.js';
import { givesSet } from '../2-find/limit-rows.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Body } from '../3-parse/body.js';
import { touchedTables } from './touched-tables.js';
import type { Hazard } from './verdict.js';
import { walk } from './walk-body.js';

/** None for a call that was no request. @param body of the routine, or the one statement that it is. */
export function requestHazards(
  site: ResolvedSite,
  body: unknown,
  catalog: Catalog,
  limit: RowLimit = { applied: null, known: null },
): readonly Hazard[] {
  if (site.site.rpc === undefined) return [];
  return [...ofRole(site, body, catalog), ...ofStatuses(body), ...ofLimit(site, limit)];
}

/** What PostgREST refused in what the request was given, and the query does not, or otherwise. */
export function requestValueHazards(resolved: ResolvedSite, use: ResultUse): readonly Hazard[] {
  const { site } = resolved;
  const { request } = use;
  if (site.rpc === undefined) return [];
  const counts = [
    { value: request?.query?.limit, code: '2201W' },
    { value: request?.query?.offset, code: '2201X' },
  ].flatMap(({ value, code }): Hazard[] => {
    if (value?.kind !== 'expression') return [];
    const message = `Where \`${value.hole.expression}\` is negative, the request answered PGRST103 (416); the query fails with ${code}.`;
    return [{ rule: 'negative-count', message }];
  });
  const objects = (site.rpc.object ?? []).flatMap((part): Hazard[] => {
    if (part.name !== null) return [];
    const message = `Keys of \`${part.hole.expression}\` that its type does not name were sent too, and refused where the routine has no such argument (PGRST202); the query leaves them out.`;
    return [{ rule: 'more-arguments', message }];
  });
  return [...counts, ...objects, ...notInJson(resolved, use)];
}

/** JSON.stringify makes null of NaN, of infinite numbers and of dates that are none (ECMA-262, 25.5.2). */
function notInJson({ bindings, site }: ResolvedSite, use: ResultUse): readonly Hazard[] {
  const found: Hazard[] = [];
  for (const { argument, parameter } of bindings) {
    const hole = argument?.hole;
    const fact = use.arguments.find((one) => one.hole === hole?.index);
    if (!hole || fact === undefined) continue;
    const type = site.rpc?.arguments.find(({ name }) => name === parameter.name)?.type ?? '';
    const message = fateInQuery(hole.expression, fact.members, type);
    if (message !== null) found.push({ rule: 'not-in-json', message });
  }
  return found;
}

function fateInQuery(
  expression: string,
  members: ResultUse['arguments'][number]['members'],
  type: string,
): string | null {
  if (members.includes('number') && !alwaysFinite.test(expression)) {
    const fate = /^(?:numeric|real|double precision)\b/.test(type)
      ? 'hands it on as it is'
      : /^(?:smallint|integer|bigint)$/.test(type)
        ? 'fails with 22P02'
        : null;
    return fate && `Where \`${expression}\` is NaN or infinite, the request sent null; the query ${fate}.`;
  }
  if (!members.includes('date')) return null;
  return `Where \`${expression}\` is an invalid date, the request sent null; the query fails.`;
}

/** A literal, a length, the time, and what was tested. */
const alwaysFinite = /^-?[\d._]+$|(?:\.length|\.size|Date\.now\(\))$|^Number\.isFinite\(/;

/** Limits on the rows of a set: the one that the queries keep, and the one that the project is known to have. */
export interface RowLimit {
  readonly applied: number | null;
  readonly known: { readonly rows: number; readonly place: string } | null;
}

function ofLimit(site: ResolvedSite, { applied, known }: RowLimit): readonly Hazard[] {
  if (!givesSet(site) || known === null || applied === known.rows) return [];
  const { rows, place } = known;
  const now = applied === null ? 'all' : String(applied);
  const message = `A request gave ${String(rows)} rows at most (max_rows in ${place}); the query gives ${now}. The setting maxRows: ${String(rows)} keeps that limit.`;
  return [{ rule: 'row-limit', message }];
}

function ofRole({ routine }: ResolvedSite, body: unknown, catalog: Catalog): readonly Hazard[] {
  const tables = touchedTables(body as Body, catalog).filter(({ relation }) => relation.rowSecurity);
  if (tables.length === 0) return [];
  const names = tables.map(({ relation }) => `${relation.schema}.${relation.name}`).join(', ');
  const before = routine.securityDefiner
    ? `The request ran it with the rights of ${routine.owner}, whoever called.`
    : `The request ran it as the role of its token, for which the policies of ${names} held.`;
  const check = routine.securityDefiner
    ? 'check before the call who may make it'
    : 'check before the call, or in its conditions, what those policies checked';
  const message = `${before} The query runs as the login of the client: ${check}.`;
  return [{ rule: 'request-role', message }];
}

function ofStatuses(body: unknown): readonly Hazard[] {
  const codes = new Set<string>();
  walk(body, null, ({ node }) => {
    if (node.kind !== 'raise') return;
    const { condition, options } = node as unknown as {
      readonly condition: string | null;
      readonly options: readonly { readonly name: string; readonly value: { readonly text?: string } }[];
    };
    const given = options.flatMap(({ name, value }) => (/^errcode$/i.test(name) ? (value.text ?? '') : ''));
    for (const code of [condition ?? '', ...given]) if (/^PT\d{3}$/.test(code)) codes.add(code);
  });
  if (codes.size === 0) return [];
  const list = [...codes].join(', ');
  const message = `Its RAISE with ${list} made PostgREST answer with that HTTP status; the error of the query has the code alone.`;
  return [{ rule: 'http-status', message }];
}
