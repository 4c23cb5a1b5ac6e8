/**
 * A routine that is one SELECT, as the SQL that takes the place of its call inside a larger statement: an
 * expression, a scalar subquery or an item of FROM. The larger statement stays one statement.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import type { EmbeddedPlace } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Select } from '../3-parse/statement.js';
import type { MultiStep, SingleStatement } from '../4-classify/verdict.js';
import { cardinality } from './cardinality.js';
import type { EmbeddedDraft, NoDraft } from './draft.js';
import { bind, fragment, within, type Fragment } from './fragment.js';
import { identifier } from './identifiers.js';
import { inlineFragment } from './inline-fragment.js';
import { argumentTable, inlineArguments, type InlineArguments } from './inline-routine-arguments.js';
import { isExpression, renameRanges, takenNames } from './inline-routine-names.js';
import { refuseInlining } from './inline-routine-refusals.js';
import { resultCast, withResultCasts } from './inline-routine-result.js';
import { expression } from './expressions/expression.js';
import type { Scope } from './scope.js';
import { selectText } from './statements/whole-select.js';
import { Untranslatable, unsupported } from './untranslatable.js';

export interface InlineInput {
  readonly site: ResolvedSite;
  readonly project: UserProject;
  readonly place: EmbeddedPlace;
  readonly use: ResultUse;
  readonly verdict: SingleStatement;
  readonly catalog: Catalog;
}

/** Refuses with `embedded` and a detail. */
export function inlineRoutine(
  input: Omit<InlineInput, 'verdict' | 'place'> & { readonly verdict: SingleStatement | MultiStep },
): EmbeddedDraft | NoDraft {
  const { verdict, site } = input;
  const place = site.site.embedded;
  if (place === undefined) return none('the call was not found in its statement');
  if (verdict.kind === 'multi-step') return none('the routine is several steps');
  try {
    return draft({ ...input, verdict, place });
  } catch (error) {
    if (error instanceof Untranslatable)
      return error.reason === 'unsupported' ? none(error.detail) : { kind: 'none', ...reasonOf(error) };
    throw error;
  }
}

function reasonOf({ reason, detail }: Untranslatable): Pick<NoDraft, 'reason' | 'detail'> {
  return { reason, detail };
}

function none(detail: string): NoDraft {
  return { kind: 'none', reason: 'embedded', detail };
}

function draft(input: InlineInput): EmbeddedDraft {
  const body = refuseInlining(input);
  const taken = takenNames(input);
  const select = renameRanges(body, taken);
  const values = inlineArguments(input, select, taken);
  const scope: Scope = {
    // A common table of the larger statement may have the name of a table: with its schema it is the table.
    catalog: taken.has('with') ? { ...input.catalog, searchPath: [] } : input.catalog,
    tables: [],
    routine: input.site.routine,
    driver: 'node-postgres',
    arguments: values.sources,
    variable: () => null,
    ranges: new Map(),
    form: 'text',
    repeated: new Set(),
    placeholders: new Map(),
    prelude: [],
    referenced: new Set(),
    cautious: false,
  };
  const { call } = input.place;
  const text =
    call.form === 'from' ? rangeText(input, select, values, scope) : valueText(input, select, values, scope);
  const code = call.form === 'from' ? null : inlineFragment(input, limited(body, input), input.project);
  return {
    kind: 'embedded',
    completeness: 'complete',
    todos: [],
    statements: 1,
    roundTrips: 1,
    hazards: [],
    describable: [],
    text: plain(text),
    ...(code === null ? {} : { template: code }),
  };
}

/** In place of a value: `(select …)`, or the expression that a routine without tables is. */
function valueText(input: InlineInput, select: Select, values: InlineArguments, scope: Scope): Fragment {
  const { place, site } = input;
  const { naming, alone } = place.call;
  const name = naming === 'none' ? null : identifier(site.call.name);
  const alias = naming === 'direct' ? ` as ${name ?? ''}` : '';
  if (input.verdict.result.kind === 'rows') {
    if (!alone) unsupported(`it gives several rows in ${place.call.clause}`);
    return rowsAsColumn(input, select, values, scope, alias);
  }
  const cast = resultCast(input);
  const [target] = select.targets;
  if (isExpression(select) && target !== undefined) {
    const value = expression(target.expression, scope);
    const typed = cast === null ? value : fragment(bind.cast, within(bind.cast, value), `::${cast}`);
    if (values.derived.length === 0 && naming !== 'inner') {
      return fragment(bind.or, within(naming === 'direct' ? bind.or : bind.atom, typed), alias);
    }
    const inner = naming === 'inner' ? ` as ${name ?? ''}` : '';
    return fragment(bind.or, '(select ', typed, inner, ...argumentTable(values), ')', alias);
  }
  const first = limited(select, input);
  const names = naming === 'inner' && values.derived.length === 0 ? [site.call.name] : null;
  const query = fragment(bind.atom, '(', selectText(first, scope, names), ')');
  const typed = cast === null ? query : fragment(bind.cast, query, `::${cast}`);
  if (values.derived.length === 0) return fragment(bind.or, typed, alias);
  const inner = naming === 'inner' ? ` as ${name ?? ''}` : '';
  return fragment(bind.or, '(select ', typed, inner, ...argumentTable(values), ')', alias);
}

/** `SELECT f(…)` of a set in a query of its own becomes `SELECT rows.x FROM (…) AS rows`. */
function rowsAsColumn(
  input: InlineInput,
  select: Select,
  values: InlineArguments,
  scope: Scope,
  alias: string,
): Fragment {
  const { columns } = input.verdict.result;
  const [only] = columns;
  if (columns.length !== 1 || only === undefined || input.site.output.columns[0]?.type !== only.type) {
    unsupported('its result is a row');
  }
  const name = values.fresh(input.site.call.name);
  const rows = rangeQuery(input, select, values, scope, ['value']);
  return fragment(bind.or, `${name}.value${alias} from `, rows, ` as ${name}`);
}

/** In place of an item of FROM: a subquery with the routine's columns. */
function rangeText(input: InlineInput, select: Select, values: InlineArguments, scope: Scope): Fragment {
  const { call } = input.place;
  const { from } = call;
  const { columns } = input.verdict.result;
  if (from === null) return unsupported('it is not an item of FROM');
  const row = input.site.output.shape === 'row';
  if (row && from.wholeRow) unsupported(`\`${from.alias ?? call.name}\` is a whole row in one column`);
  const named = input.site.routine.arguments.some(({ mode }) => mode !== 'in' && mode !== 'variadic');
  const scalar = from.alias ?? call.name;
  const names = columns.map((column) => (row || named ? column.name : scalar));
  const query = rangeQuery(input, select, values, scope, names);
  const lateral = values.outer && !from.lateral ? 'lateral ' : '';
  return fragment(bind.or, lateral, query, from.alias === null ? ` as ${identifier(call.name)}` : '');
}

function rangeQuery(
  input: InlineInput,
  select: Select,
  values: InlineArguments,
  scope: Scope,
  names: readonly string[],
): Fragment {
  const typed = withResultCasts(select, input);
  const one = input.verdict.result.kind === 'first-row';
  if (one && values.guard !== null) unsupported('a STRICT routine that gives one row in FROM');
  const certain = !one || cardinality(select, input.catalog) === 'exactly-one';
  const [only] = names;
  if (!certain && input.site.output.shape === 'scalar' && only !== undefined) {
    const value = fragment(bind.atom, '(', selectText(limited(typed, input), scope), ')');
    return fragment(bind.atom, '(select ', value, ` as ${identifier(only)}`, ...argumentTable(values), ')');
  }
  const body = selectText(one ? limited(typed, input) : typed, scope, names);
  if (certain && values.derived.length === 0) return fragment(bind.atom, '(', body, ')');
  const rows = values.fresh('result');
  const source =
    values.derived.length === 0 ? ' from (select) as one' : argumentTable(values, false).join('');
  const join = certain ? `\ncross join lateral (` : `\nleft join lateral (`;
  const guard = values.guard === null ? '' : `\nwhere ${values.guard}`;
  return fragment(
    bind.atom,
    `(select ${rows}.*${source}${join}`,
    body,
    `) as ${rows}${certain ? '' : ' on true'}${guard})`,
  );
}

/** The first row alone, where there may be several. */
function limited(select: Select, { verdict, catalog }: InlineInput): Select {
  if (verdict.result.kind !== 'first-row' || cardinality(select, catalog) !== 'many') return select;
  if (select.limit !== null) unsupported('the first row of a body with a LIMIT of its own');
  return { ...select, limit: { kind: 'literal', literal: 'integer', text: '1', type: 23 } };
}

/** All of it is text here: nothing of TypeScript may stand in it. */
function plain(text: Fragment): string {
  return text.parts
    .map((part) => (typeof part === 'string' ? part : unsupported('code in SQL text')))
    .join('');
}
