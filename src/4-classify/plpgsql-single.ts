/** PL/pgSQL bodies that are one statement in effect, pattern by pattern; null wherever the two could differ. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { PlpgsqlBody, Step, Variable } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import { atMostOne } from './at-most-one.js';
import { intoPattern } from './into-pattern.js';
import { resultColumns } from './result-columns.js';
import { asReturnQuery } from './returning-loop.js';
import { selectOf } from './select-of.js';
import { isCall, type Single } from './single-statement.js';
import type { RoutineReason } from './verdict.js';
import { walk } from './walk-body.js';

const VOID = 2278;
const BOOLEAN = 16;
const BIGINT = 20;

export function plpgsqlSingle(
  routine: Routine,
  body: PlpgsqlBody,
  catalog: Catalog,
): Single | RoutineReason | null {
  const { block } = body;
  if (block.handlers.length > 0 || !block.declares.every((id) => isInert(body.variables[id]))) return null;
  const steps = withoutLastReturn(block.statements);
  const [first, ...rest] = steps;
  if (!first) return null;
  const single = onlyStep(first, rest, routine, body, catalog);
  // A variable inside the statement would have to be computed first.
  return single && 'statement' in single && usesVariables(single.statement) ? null : single;
}

function onlyStep(
  first: Step,
  rest: readonly Step[],
  routine: Routine,
  body: PlpgsqlBody,
  catalog: Catalog,
): Single | RoutineReason | null {
  const returning = asReturnQuery(first, [first, ...rest], body.variables, catalog);
  if (returning !== null) {
    const single = rest.length === 0 ? returnedQuery(returning, routine, catalog) : null;
    return single !== null && 'statement' in single ? single : null;
  }
  if (first.kind === 'return-query') return rest.length === 0 ? returnedQuery(first, routine, catalog) : null;
  if (first.kind === 'return')
    return first.value && rest.length === 0 ? returnedValue(first.value, first, routine, catalog) : null;
  if ((first.kind !== 'execute-sql' && first.kind !== 'perform') || isCall(first.statement)) return null;
  if (first.kind === 'execute-sql' && first.into) return intoPattern(first, rest, routine, body, catalog);
  if (first.dynamic === true && rest.length > 0) return null;
  return writtenOnly(first.statement, rest, routine, body);
}

/** RETURN QUERY casts nothing: it compares the types and fails (42804). */
function returnedQuery(
  step: Extract<Step, { kind: 'return-query' }>,
  routine: Routine,
  catalog: Catalog,
): Single | RoutineReason | null {
  const columns = resultColumns(routine, step.statement, catalog);
  if (columns?.some((column) => column.castFrom !== null)) {
    return {
      id: 'body-parse-error',
      detail: 'structure of query does not match function result type (42804)',
      line: step.line,
    };
  }
  return columns && { statement: step.statement, result: { kind: 'rows', columns, strict: false } };
}

/** RETURN of an expression is a SELECT of it; of a subquery that gives at most one row, the subquery itself. */
function returnedValue(
  value: Expression,
  step: Extract<Step, { kind: 'return' }>,
  routine: Routine,
  catalog: Catalog,
): Single | null {
  if (routine.returnsSet || value.kind === 'row' || value.kind === 'variable') return null;
  const inner = value.kind === 'scalar-subquery' && atMostOne(value.select, catalog) ? value.select : null;
  const bare = inner ?? selectOf(value, routine.name, step);
  const type = value.type ?? inner?.targets[0]?.expression.type ?? null;
  const described =
    type === null ? null : [{ name: bare.targets[0]?.name ?? routine.name, type, typmod: -1 }];
  const statement: Statement = { ...bare, columns: bare.columns ?? described };
  const columns = resultColumns(routine, statement, catalog);
  if (columns?.length !== 1) return null;
  const result = { kind: 'first-row', columns, strict: false } as const;
  return { statement, result: inner === null ? { ...result, returned: true } : result };
}

/** A statement alone, or with RETURN FOUND or its row count after it. */
function writtenOnly(
  statement: Statement,
  rest: readonly Step[],
  routine: Routine,
  body: PlpgsqlBody,
): Single | null {
  const [next, last, ...more] = rest;
  if (!next) {
    return routine.returnType === VOID || isPlainProcedure(routine)
      ? { statement, result: { kind: 'void', columns: [], strict: false } }
      : null;
  }
  const column = { name: routine.name, typmod: -1 };
  if (
    !last &&
    next.kind === 'return' &&
    isVariable(next.value, body, 'found') &&
    routine.returnType === BOOLEAN &&
    !routine.returnsSet
  ) {
    return {
      statement,
      result: { kind: 'found', columns: [{ ...column, type: BOOLEAN, castFrom: null }], strict: false },
    };
  }
  const [item, ...items] = next.kind === 'get-diagnostics' && !next.stacked ? next.items : [];
  if (
    item?.item !== 'ROW_COUNT' ||
    items.length > 0 ||
    item.target.kind !== 'variable' ||
    more.length > 0 ||
    routine.returnsSet
  )
    return null;
  const counter = body.variables[item.target.variable];
  if (!counter || counter.typmod !== -1 || counter.type !== routine.returnType) return null;
  const returned =
    last?.kind === 'return' && last.value?.kind === 'variable' && last.value.variable === counter.id;
  const out =
    !last && counter.origin === 'out' && body.variables.filter((each) => each.origin === 'out').length === 1;
  if (!returned && !out) return null;
  const name = out ? counter.name : routine.name;
  const castFrom = counter.type === BIGINT ? null : BIGINT;
  return {
    statement,
    result: {
      kind: 'row-count',
      columns: [{ name, type: counter.type, typmod: -1, castFrom }],
      strict: false,
    },
  };
}

function isPlainProcedure(routine: Routine): boolean {
  return (
    routine.kind === 'procedure' &&
    routine.arguments.every((argument) => argument.mode === 'in' || argument.mode === 'variadic')
  );
}

/** A last RETURN without a value ends the body anyway. */
function withoutLastReturn(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  return last?.kind === 'return' && last.value === null ? steps.slice(0, -1) : steps;
}

/** Declaring it can neither fail nor be seen. */
function isInert(variable: Variable | undefined): boolean {
  if (!variable) return false;
  if (variable.notNull && variable.default === null) return false;
  const { default: initial } = variable;
  if (initial === null || initial.kind === 'null') return !variable.notNull;
  const exact = initial.type !== null && initial.type === variable.type && variable.typmod === -1;
  return exact && (initial.kind === 'literal' || initial.kind === 'parameter');
}

function isVariable(value: Expression | null, body: PlpgsqlBody, origin: Variable['origin']): boolean {
  return (
    value?.kind === 'variable' && value.path.length === 0 && body.variables[value.variable]?.origin === origin
  );
}

function usesVariables(statement: Statement): boolean {
  let found = false;
  walk(statement, null, ({ node }) => (found ||= node.kind === 'variable'));
  return found;
}
