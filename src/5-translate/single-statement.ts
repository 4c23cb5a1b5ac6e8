/** One statement as a whole `sql` template, sent by `execute`: the last resort, for what no builder says. */
import type { Expression } from '../3-parse/expression.js';
import type { Select, Statement } from '../3-parse/statement.js';
import type { Cardinality } from './cardinality.js';
import type { Code } from './code.js';
import type { InlineDraft } from './draft.js';
import { bind, fragment, nested, template, type Fragment } from './fragment.js';
import { identifier } from './identifiers.js';
import { rawType } from './representation.js';
import type { Scope } from './scope.js';
import { draftColumns, selected, statementTargets, type Selected } from './selection.js';
import { counted } from './counted.js';
import { positional } from './statements/select.js';
import { selectText } from './statements/whole-select.js';
import { writeText } from './statements/whole-write.js';
import type { SingleInput } from './translate-single.js';
import { Untranslatable, unsupported } from './untranslatable.js';
import { propertyKey } from './print/print-code.js';

export function asStatement(input: SingleInput, scope: Scope, count: Cardinality): InlineDraft {
  const { verdict, use, site } = input;
  const { result, statement } = verdict;
  if (result.kind === 'void' || result.kind === 'found' || result.kind === 'row-count') {
    const text = template(writeText(statement, scope, namesOfNobody(statement)));
    return { ...base, describable: [text], ...counted(input, execute(text, null), 'result') };
  }
  refuseManyRows(input, count);
  const columns = selected(site, use, verdict);
  const nullRow = result.kind === 'first-row' && count !== 'exactly-one';
  const body = rowsText(statement, columns, scope, input, { nullRow, several: count === 'many' });
  const text = template(body.text);
  const shared = {
    ...base,
    describable: [text],
    columns: draftColumns(columns, scope),
    cardinality: body.alwaysOneRow ? ('exactly-one' as const) : count,
  };
  if (use.shape === 'nothing') return { ...shared, query: execute(text, null), shape: 'nothing' };
  const whole = nullRow && !body.alwaysOneRow;
  if (whole && use.shape === 'result') unsupported('a row of NULLs in a driver result');
  return {
    ...shared,
    query: execute(text, rowType(input, columns, scope)),
    shape: 'result',
    nullRowWhenEmpty: whole,
  };
}

/** Columns that nobody reads need no names. */
function namesOfNobody(statement: Statement): readonly string[] | null {
  if (statement.kind !== 'select' || statement.setOperation !== null || statement.orderBy.length > 0)
    return null;
  return statement.targets.map(() => '?column?');
}

const base = {
  kind: 'inline',
  completeness: 'complete',
  todos: [],
  statements: 1,
  roundTrips: 1,
  hazards: [],
  columns: [],
  cardinality: 'many',
  nullRowWhenEmpty: false,
} as const;

/** The call's own type where it says more than the columns do, and all of them are there. */
function rowType({ site, use }: SingleInput, columns: readonly Selected[], scope: Scope): string {
  const whole = columns.length === site.output.columns.length && use.client.kind === 'drizzle';
  return (whole ? use.declaredRow?.text : undefined) ?? rowTypeText(columns, scope);
}

/** `{ id: number; total: string | null }`. */
export function rowTypeText(columns: readonly Selected[], scope: Scope): string {
  const fields = columns.map((column) => {
    const type = rawType(scope.catalog, column.type, scope.driver);
    return `${propertyKey(column.key)}: ${column.nullable && type !== 'unknown' ? `${type} | null` : type}`;
  });
  return `{ ${fields.join('; ')} }`;
}

/** A routine that gives one row takes the first of several; after a write PL/pgSQL raises P0003 instead. */
export function refuseManyRows(input: SingleInput, count: Cardinality): void {
  const { result, statement } = input.verdict;
  if (result.kind === 'first-row' && count === 'many' && statement.kind !== 'select') {
    throw new Untranslatable('unsupported', 'one row of several that a write returns');
  }
}

function execute(text: Code, rowType: string | null): Code {
  const callee: Code = { kind: 'member', object: { kind: 'executor' }, property: 'execute' };
  return {
    kind: 'call',
    callee,
    arguments: [text],
    ...(rowType === null ? {} : { typeArguments: [rowType] }),
  };
}

function rowsText(
  statement: Statement,
  columns: readonly Selected[],
  scope: Scope,
  input: SingleInput,
  { nullRow, several }: { readonly nullRow: boolean; readonly several: boolean },
): { readonly text: Fragment; readonly alwaysOneRow: boolean } {
  const targets = statementTargets(columns, scope, input.use);
  const names = targets.map((target) => target.name);
  if (statement.kind !== 'select') {
    if (statement.kind === 'unsupported-statement') return unsupported(statement.construct);
    return { text: writeText({ ...statement, returning: targets }, scope, names), alwaysOneRow: false };
  }
  const plainSelect = statement.setOperation === null && statement.values === null;
  if (!plainSelect && columns.some((column) => column.cast))
    unsupported('a cast of the rows of a set operation');
  const select = plainSelect ? { ...withoutNumbers(statement), targets } : statement;
  const [only] = names;
  if (
    nullRow &&
    input.site.output.shape === 'scalar' &&
    only !== undefined &&
    statement.locking.length === 0
  ) {
    const first = several && select.limit === null ? { ...select, limit: one } : select;
    const inner = nested(selectText(first, scope, ['?column?']));
    return {
      text: fragment(bind.or, 'select ', inner, ` as ${identifier(only)}`),
      alwaysOneRow: true,
    };
  }
  const limited =
    input.verdict.result.kind === 'first-row' &&
    nullRow &&
    select.limit === null &&
    select.locking.length === 0;
  return {
    text: selectText(limited ? { ...select, limit: one } : select, scope, names),
    alwaysOneRow: false,
  };
}

/** `ORDER BY 2` with the column that it means, for the site may want other columns in another order. */
function withoutNumbers(select: Select): Select {
  const meant = (node: Expression): Expression => positional(node, select);
  return {
    ...select,
    distinct: select.distinct?.map(meant) ?? null,
    groupBy: select.groupBy.map(meant),
    orderBy: select.orderBy.map((key) => ({ ...key, expression: meant(key.expression) })),
  };
}

const one = { kind: 'literal', literal: 'integer', text: '1', type: 23 } as const;
