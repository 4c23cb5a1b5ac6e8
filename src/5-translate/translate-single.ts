/**
 * A body that is one statement in effect, for one site: a query builder where it has a form, else the
 * whole statement as `sql`. Both are tried; the reason of the last one is given when neither does.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { SingleStatement } from '../4-classify/verdict.js';
import { argumentSources, type ArgumentSource } from './arguments.js';
import { stayingHazard, type Callees } from './callees.js';
import { cardinality } from './cardinality.js';
import type { InlineDraft, NoDraft } from './draft.js';
import { earlyChecks } from './early-checks.js';
import { withEveryCall } from './every-call.js';
import { foldArguments } from './fold-arguments.js';
import { withInlinedCalls } from './inline-calls.js';
import { cannotBeRefused } from './parameter-type.js';
import { asBuilder } from './single-builder.js';
import { asJavaScript } from './single-javascript.js';
import { asStatement } from './single-statement.js';
import type { Scope } from './scope.js';
import { tableOccurrences } from './statements/ranges.js';
import { guardStrict } from './strict-guard.js';
import { noDraft, Untranslatable } from './untranslatable.js';

export interface SingleInput {
  readonly site: ResolvedSite;
  readonly use: ResultUse;
  readonly verdict: SingleStatement;
  readonly catalog: Catalog;
  readonly project: UserProject;
  /** Every argument through `sql`: the second try where column types refuse an argument's type. */
  readonly cautious: boolean;
  /** What the statement calls; without it every call stays. */
  readonly callees?: Callees;
  /** Filled with the routines that the code still calls. */
  readonly staying?: Set<string>;
  /** statement: no builder, the whole statement as `sql`. */
  readonly form: 'any' | 'statement';
}

export function translateSingle(given: SingleInput): InlineDraft | NoDraft {
  const staying = new Set<string>();
  const draft = translated({ ...given, staying });
  if (draft.kind === 'none') return draft;
  return {
    ...draft,
    hazards: [
      ...draft.hazards,
      ...earlyChecks(given.verdict.statement, given.catalog),
      ...stayingHazard(staying),
    ],
  };
}

function translated(given: SingleInput): InlineDraft | NoDraft {
  try {
    refuseSite(given);
    const input = withFoldedArguments(withGuard(withEveryCallMade(withCalls(given))));
    refuseUnchecked(input);
    const plain = input.form === 'statement' ? null : asJavaScript(input);
    if (plain !== null) return plain;
    const count = cardinality(input.verdict.statement, input.catalog);
    if (input.form === 'statement') return asStatement(input, scopeOf(input, 'statement'), count);
    try {
      return asBuilder(input, scopeOf(input, 'builder'), count);
    } catch (error) {
      if (!(error instanceof Untranslatable) || error.reason === 'table-not-in-schema') throw error;
      return asExpressions(input, count) ?? asStatement(input, scopeOf(input, 'statement'), count);
    }
  } catch (error) {
    if (error instanceof Untranslatable) return noDraft(error, given.site.routine);
    throw error;
  }
}

/** Calls of routines that are one SELECT give way to it. */
function withCalls(input: SingleInput): SingleInput {
  const { verdict, catalog, callees } = input;
  if (callees === undefined) return input;
  return {
    ...input,
    verdict: { ...verdict, statement: withInlinedCalls(verdict.statement, catalog, callees) },
  };
}

/** What a RETURN calls it calls whatever the arguments are. */
function withEveryCallMade(input: SingleInput): SingleInput {
  const { site, use, verdict, catalog } = input;
  if (verdict.result.returned !== true) return input;
  const sources = [...argumentSources(site, use, catalog).values()];
  const present = (source: ArgumentSource): boolean =>
    source.kind === 'constant'
      ? source.value.kind !== 'null'
      : source.kind === 'expression' &&
        source.use?.mayBeNull === false &&
        !source.use.members.includes('any');
  const nullable = new Set(sources.filter((one) => !present(one)).map(({ position }) => position));
  return {
    ...input,
    verdict: { ...verdict, statement: withEveryCall(verdict.statement, { catalog, nullable }) },
  };
}

function withGuard(input: SingleInput): SingleInput {
  const { site, use, verdict } = input;
  const statement = guardStrict(verdict.statement, site, use, verdict.result);
  return { ...input, verdict: { ...verdict, statement } };
}

function withFoldedArguments(input: SingleInput): SingleInput {
  const { site, use, catalog, verdict } = input;
  const statement = foldArguments(verdict.statement, argumentSources(site, use, catalog));
  return { ...input, verdict: { ...verdict, statement } };
}

/** A SELECT without FROM: Drizzle has no such builder, but its subqueries can be builders. */
function asExpressions(input: SingleInput, count: ReturnType<typeof cardinality>): InlineDraft | null {
  const { statement } = input.verdict;
  if (statement.kind !== 'select' || statement.from.length > 0 || statement.setOperation !== null)
    return null;
  try {
    const scope = scopeOf(input, 'builder');
    const draft = asStatement(input, scope, count);
    return scope.placeholders.size === 0 ? draft : null;
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

function scopeOf(input: SingleInput, form: Scope['form']): Scope {
  const occurrences = tableOccurrences(input.verdict.statement);
  return {
    catalog: input.catalog,
    tables: input.project.tables,
    routine: input.site.routine,
    driver: input.use.client.driver ?? 'node-postgres',
    arguments: argumentSources(input.site, input.use, input.catalog),
    variable: () => null,
    ranges: new Map(),
    form,
    repeated: new Set(occurrences.filter((oid, index) => occurrences.indexOf(oid) !== index)),
    ...(input.staying === undefined ? {} : { staying: input.staying }),
    placeholders: new Map(),
    prelude: [],
    referenced: new Set(),
    cautious: input.cautious,
  };
}

/** An argument that the statement does not send is one that PostgreSQL no longer refuses: several steps check it. */
function refuseUnchecked({ site, verdict: { statement }, catalog }: SingleInput): void {
  const unchecked = site.bindings.find(
    ({ position, parameter, argument }) =>
      (argument?.holes.length ?? 0) > 0 && !cannotBeRefused(parameter.type) && !sends(statement, position),
  );
  if (unchecked === undefined) return;
  const type = catalog.types.get(unchecked.parameter.type)?.sqlName ?? 'unknown';
  throw new Untranslatable('unsupported', `an argument of type ${type} that the body does not use`);
}

function sends(node: unknown, position: number): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { kind, position: own } = node as { readonly kind?: unknown; readonly position?: unknown };
  if (kind === 'parameter' && own === position) return true;
  return Object.values(node).some((inner) => sends(inner, position));
}

/** What no translation of the statement could make equal at this site. */
function refuseSite({ site, use, verdict, catalog }: SingleInput): void {
  const exact = cardinality(verdict.statement, catalog) === 'exactly-one';
  if (verdict.result.strict && !exact) throw new Untranslatable('unsupported', 'INTO STRICT');
  if (site.output.shape === 'void' && use.shape !== 'nothing') {
    throw new Untranslatable('response-metadata', 'the value of a routine that returns void is read');
  }
  const [first] = site.output.columns;
  const type = first === undefined ? undefined : catalog.types.get(first.type);
  if (
    site.output.shape === 'scalar' &&
    use.shape !== 'nothing' &&
    (type?.kind === 'composite' || type?.kind === 'pseudo')
  ) {
    throw new Untranslatable('unsupported', 'a composite value as one column');
  }
}
