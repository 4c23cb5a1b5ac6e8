/**
 * A routine in place of its call inside a fragment that a query builder takes: an expression, or a subquery that
 * is a builder itself, for in raw text the builder would print the outer columns without their table.
 */
import type { DrizzleColumn, DrizzleTable, UserProject } from '../1-read/user-project.js';
import { walk } from '../4-classify/walk-body.js';
import type { Binding } from '../2-find/resolved-site.js';
import type { Hole } from '../2-find/call-site.js';
import type { Select } from '../3-parse/statement.js';
import { argumentSources, type ArgumentSource } from './arguments.js';
import type { Code } from './code.js';
import { expression } from './expressions/expression.js';
import { bind, fragment, within } from './fragment.js';
import type { InlineInput } from './inline-routine.js';
import { isExpression } from './inline-routine-names.js';
import { resultCast } from './inline-routine-result.js';
import type { Scope } from './scope.js';
import { tableOccurrences } from './statements/ranges.js';
import { Untranslatable } from './untranslatable.js';

/**
 * What takes the call's place, as the parts of a template; null where only text does. `select` is the body, of
 * one row, that `inlineRoutine` has found to be replaceable.
 */
export function inlineFragment(
  input: InlineInput,
  select: Select,
  project: UserProject,
): readonly (string | Code)[] | null {
  const { site, place, use } = input;
  if (place.fragment === undefined || place.fragment.executor === null) return null;
  if (site.routine.strict || input.verdict.result.kind === 'rows') return null;
  const sources = sourcesOf(input, select, project);
  if (sources === null) return null;
  const occurrences = tableOccurrences(select);
  const scope: Scope = {
    catalog: input.catalog,
    tables: project.tables,
    routine: site.routine,
    driver: use.client.driver ?? 'node-postgres',
    arguments: sources,
    variable: () => null,
    ranges: new Map(),
    form: 'builder',
    repeated: new Set(occurrences.filter((oid, index) => occurrences.indexOf(oid) !== index)),
    placeholders: new Map(),
    prelude: [],
    referenced: new Set(),
    cautious: false,
  };
  try {
    const [target] = select.targets;
    if (target === undefined) return null;
    const value = isExpression(select)
      ? expression(target.expression, scope)
      : expression({ kind: 'scalar-subquery', select, type: target.expression.type }, scope);
    const cast = resultCast(input);
    const typed = cast === null ? value : fragment(bind.cast, within(bind.cast, value), `::${cast}`);
    const whole = scope.prelude.length > 0 || scope.placeholders.size > 0;
    return whole ? null : within(bind.atom, typed).parts;
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/** Null when an argument is more than a value, a constant or a column of exactly the declared type. */
function sourcesOf(
  input: InlineInput,
  select: Select,
  project: UserProject,
): ReadonlyMap<number, ArgumentSource> | null {
  const { site, use, catalog } = input;
  const sources = new Map(argumentSources(site, use, catalog));
  let evaluated = 0;
  // A column of a table that the body reads too would mean the body's row.
  const own = new Set(
    project.tables.filter((table) => reads(select, table, input)).map(({ exportName }) => exportName),
  );
  for (const binding of site.bindings) {
    const { position, argument } = binding;
    if (argument === null || (argument.hole === null && argument.holes.length === 0)) {
      if (sources.get(position)?.kind !== 'constant') return null;
      continue;
    }
    const { hole } = argument;
    if (hole === null) return null;
    const fact = use.arguments.find((one) => one.hole === hole.index);
    const uses = usesOf(select, position);
    if (fact === undefined || uses.all === 0) return null;
    if (fact.members.includes('sql')) {
      if (uses.selected || argument.casts.length > 0 || !isColumn(hole, binding, input, project)) return null;
      if (own.has(hole.expression.split('.')[0] ?? '')) return null;
      const code: Code = { kind: 'argument', position };
      sources.set(position, {
        kind: 'sql',
        position,
        declared: binding.parameter.type,
        parts: [code],
        typed: true,
        column: true,
      });
      continue;
    }
    if (fact.members.some((member) => member === 'any' || member === 'object') || fact.mayBeUndefined)
      return null;
    if (!fact.repeatable) evaluated += 1;
    if (evaluated > 1 || (uses.all > 1 && !fact.repeatable)) return null;
  }
  return sources;
}

/**
 * `selected`: it stands in a list that a builder of one table selects, where a column of the larger query would
 * lose its table's name.
 */
function usesOf(select: Select, position: number): { readonly all: number; readonly selected: boolean } {
  const count = (value: unknown): number => {
    let uses = 0;
    walk(value, null, ({ node }) => {
      if (node.kind === 'parameter' && node['position'] === position) uses += 1;
    });
    return uses;
  };
  let selected = 0;
  walk(select, null, ({ node }) => {
    const query = node as unknown as Partial<Select>;
    if (node.kind === 'select' && (query.from?.length ?? 0) > 0) selected += count(query.targets);
  });
  return { all: count(select), selected: selected > 0 };
}

function reads(select: Select, table: DrizzleTable, { catalog }: InlineInput): boolean {
  const relation = catalog.relations.find((one) => one.schema === table.schema && one.name === table.name);
  return relation !== undefined && tableOccurrences(select).includes(relation.oid);
}

function isColumn(
  { expression: written }: Hole,
  { parameter }: Binding,
  { catalog }: InlineInput,
  { tables }: UserProject,
): boolean {
  const [name, property, ...more] = written.split('.');
  if (more.length > 0 || property === undefined) return false;
  const found = tables.filter(({ exportName }) => exportName === name);
  const types = found.map((table) =>
    typeOf(
      table,
      table.columns.find((one) => one.property === property),
    ),
  );
  return types.length > 0 && types.every((type) => type === parameter.type);

  function typeOf(table: DrizzleTable, column: DrizzleColumn | undefined): number | null {
    const relation = catalog.relations.find((one) => one.schema === table.schema && one.name === table.name);
    return relation?.columns.find((one) => one.name === column?.name)?.type ?? null;
  }
}
