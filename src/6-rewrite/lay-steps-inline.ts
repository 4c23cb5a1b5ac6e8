/** Several steps at the call itself: `await db.transaction(async (tx) => { … })`. */
import { collectedBy } from '../2-find/collected-arguments.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code, Line } from '../5-translate/code.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import { argumentObject } from './place-module.js';
import { argumentPlaces } from './walk-code.js';
import { inTransaction } from './own-transaction.js';

/** How many lines a body may have that stands at its call unless it is asked for. */
const shortBody = 12;

/**
 * Where the steps go. A routine that others call or that calls others, one with several sites, a loop or a long
 * body is a function of its own; what is left is short enough to be read where it is called.
 */
export function placementOf(
  draft: ModuleDraft,
  site: ResolvedSite,
  use: ResultUse,
  {
    wanted,
    sites,
    called,
  }: {
    readonly wanted: 'auto' | 'inline' | 'module';
    /** Call sites of the routine, this one included. */
    readonly sites: number;
    /** The body of another routine calls it. */
    readonly called: boolean;
  },
): 'inline' | 'module' {
  if (wanted === 'module' || !canStandInline(draft, site, use)) return 'module';
  if (wanted === 'inline') return 'inline';
  const long = lineCount(draft.body) > shortBody || hasLoop(draft.body);
  return sites > 1 || called || long ? 'module' : 'inline';
}

/** Steps need a transaction of their own to be one expression; inside another one they are a call. */
export function canStandInline(draft: ModuleDraft, site: ResolvedSite, use: ResultUse): boolean {
  const client = draft.snapshot === true ? use.client.isClient === true : !use.client.inTransaction;
  // Rows that a request wants to be one are counted in the transaction, behind the call of a function.
  const counted = (use.request?.rows ?? null) !== null;
  const alone =
    draft.executor === 'tx' &&
    client &&
    !counted &&
    draft.recursive !== true &&
    (draft.callees ?? []).length === 0;
  if (!alone || draft.completeness !== 'complete' || 'reason' in argumentObject(site, draft.parameters))
    return false;
  return site.bindings.every((binding) => collectedBy(binding) === null || occurrences(draft, binding) <= 1);
}

/** An array that is written out stands in one place. */
function occurrences(draft: ModuleDraft, { position }: Binding): number {
  const callback: Code = { kind: 'arrow', async: true, parameters: [], body: draft.body };
  return argumentPlaces(callback).filter((place) => place.position === position).length;
}

/** The function's body as the callback of a transaction, with the site's arguments for its parameters. */
export function inlineOf(draft: ModuleDraft, site: ResolvedSite): InlineDraft {
  const values = argumentObject(site, draft.parameters);
  const entries = 'reason' in values ? [] : values.entries;
  const given = new Map(
    draft.parameters.map((parameter) => {
      const entry = entries.find((one) => one.kind === 'property' && one.key === parameter.name);
      const value = entry?.kind === 'property' ? entry.value : parameter.default;
      return [parameter.position, value ?? ({ kind: 'keyword', value: 'undefined' } as const)];
    }),
  );
  const body = replaced(draft.body, given) as readonly Line[];
  const callback: Code = { kind: 'arrow', async: true, parameters: ['tx'], body };
  const { completeness, todos, statements, roundTrips, hazards, describable, shape, columns } = draft;
  return {
    kind: 'inline',
    completeness,
    todos,
    statements,
    roundTrips,
    hazards,
    describable,
    query: inTransaction(draft, callback),
    shape,
    cardinality: 'many',
    columns,
    nullRowWhenEmpty: false,
  };
}

/** `handle`: what statements run on; inside a savepoint it is the savepoint's own. */
function replaced(
  value: unknown,
  given: ReadonlyMap<number, Code>,
  handle: Code = transactionHandle,
): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, given, handle));
  if (typeof value !== 'object' || value === null) return value;
  const code = value as Code;
  if (code.kind === 'executor') return handle;
  if (code.kind === 'argument') return given.get(code.position) ?? code;
  const inside: Code = code.kind === 'arrow' && code.bindsExecutor === true ? { kind: 'executor' } : handle;
  const entries = Object.entries(value).map(([key, inner]) => [key, replaced(inner, given, inside)]);
  return Object.fromEntries(entries);
}

const transactionHandle: Code = { kind: 'local', name: 'tx' };

function lineCount(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => {
    if (line.kind === 'blank') return sum;
    if (line.kind !== 'if') return sum + 1;
    return sum + 1 + lineCount(line.then) + lineCount(line.otherwise ?? []);
  }, 0);
}

function hasLoop(lines: readonly Line[]): boolean {
  return lines.some(
    (line) =>
      line.kind === 'try' ||
      line.kind === 'while' ||
      line.kind === 'labelled' ||
      line.kind === 'for-of' ||
      line.kind === 'for' ||
      (line.kind === 'if' && (hasLoop(line.then) || hasLoop(line.otherwise ?? []))),
  );
}
