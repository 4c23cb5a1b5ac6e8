/** The expressions that a request's filters and limits compare with, as parameters of a query. */
import type { ts } from 'ts-morph';
import type { Program } from '../source/open-program.js';
import { findArgumentUse } from './argument-use.js';
import type { Hole, SiteRefusal } from './call-site.js';
import type { NamedArguments } from './object-arguments.js';
import { inForm } from './request-arguments.js';
import type { FilterOperator, RequestFilter, RequestQuery, RequestValue } from './request-query.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ArgumentUse } from './result-use.js';

export interface FittedQuery {
  /** With its expressions numbered after the arguments of the routine. */
  readonly query: RequestQuery;
  readonly uses: readonly ArgumentUse[];
  readonly resolved: ResolvedSite;
}

/** Refuses a value that the URL of the request would hold otherwise than a parameter does. */
export function fitQuery(
  program: Program,
  file: ts.SourceFile,
  { resolved }: NamedArguments,
  query: RequestQuery,
): FittedQuery | SiteRefusal {
  if (
    !resolved.routine.returnsSet &&
    (query.filters.length > 0 || query.order.length > 0 || query.limit !== null)
  )
    return notYet('a filter, an order or a limit on one row');
  const strict = program.compilerOptions.strictNullChecks ?? program.compilerOptions.strict ?? false;
  const statement = resolved.site.statement;
  const holes: Hole[] = [...(statement?.holes ?? [])];
  const first = Math.max(0, ...holes.map(({ index }) => index)) + 1;
  const uses: ArgumentUse[] = [];
  let refusal: string | null = null;
  const fit = (value: RequestValue, operator: FilterOperator | 'count'): RequestValue => {
    if (value.kind !== 'expression') return value;
    const index = first + uses.length;
    const use = findArgumentUse(program, file, { ...value.hole, index });
    refusal ??= unfit(use, operator, strict);
    const stringified = ofSets.has(operator) && use.members.includes('object');
    const form = value.hole.form ?? (stringified ? ['JSON.stringify(', ')'] : undefined);
    const written = form === undefined ? {} : { form, expression: inForm(form, value.hole.expression) };
    const hole = { ...value.hole, index, ...written };
    uses.push(stringified ? { ...use, type: 'string', members: ['string'], given: use.members } : use);
    holes.push(hole);
    return { kind: 'expression', hole };
  };
  const filter = (one: RequestFilter): RequestFilter =>
    one.kind === 'test'
      ? { ...one, value: fit(one.value, one.operator) }
      : { ...one, filters: one.filters.map(filter) };
  const fitted = {
    ...query,
    filters: query.filters.map(filter),
    limit: query.limit && fit(query.limit, 'count'),
    offset: query.offset && fit(query.offset, 'count'),
  };
  if (refusal !== null) return notYet(refusal);
  const site = { ...resolved.site, statement: statement && { ...statement, holes } };
  return { query: fitted, uses, resolved: { ...resolved, site } };
}

const ofSets: ReadonlySet<string> = new Set(['cs', 'cd', 'ov']);

/** Why a value of this type is not what the request compared with; null when it is. */
function unfit(use: ArgumentUse, operator: FilterOperator | 'count', strict: boolean): string | null {
  const { members, type } = use;
  if (members.includes('any')) return 'a filter with a value of any type';
  if (strict && (use.mayBeNull || use.mayBeUndefined))
    return `a filter with a value that may be null (${type}), which the request sends as the text null`;
  const only = (...some: ArgumentUse['members']): boolean =>
    members.length > 0 && members.every((one) => some.includes(one));
  if (operator === 'count') return only('number') ? null : `a limit of type ${type}`;
  if (operator === 'in') {
    const whole = only('array') && !/\b(?:null|undefined|any|unknown|Date)\b/.test(type);
    return whole ? null : `a list of type ${type}`;
  }
  if (ofSets.has(operator)) {
    const fits = only('string') || only('object') || /^(?:readonly )?number\[\]$/.test(type);
    return fits ? null : `.contains() and the like with ${type}`;
  }
  return only('string', 'number', 'boolean') ? null : `a filter with a value of type ${type}`;
}

function notYet(detail: string): SiteRefusal {
  return { reason: 'rpc-not-yet', detail };
}
