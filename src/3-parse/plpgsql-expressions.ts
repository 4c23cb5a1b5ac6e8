/** Statements and expressions inside PL/pgSQL steps. */
import type { RawExpression } from '../sql/parse-body-plpgsql.js';
import { scanTokens } from '../sql/parse-body-tokens.js';
import type { Expression } from './expression.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import type { NameScope } from './plpgsql-variables.js';
import { scopedNames } from './plpgsql-variables.js';
import type { Select, Statement, StatementColumn } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { isRefusal, statementUnit } from './statement-unit.js';

/** A SQL statement of the body; `record` is the RECORD variable that its rows fill. */
export function laterStatement(
  context: PlpgsqlContext,
  scope: NameScope,
  text: string,
  line: number,
  record: number | null = null,
): Later<Statement> {
  const unit = statementUnit(
    {
      text,
      line,
      lookup: context.lookup,
      loginLookup: context.loginLookup,
      names: scopedNames(scope, context.routine, context.lookup, context.conflict, context.positional),
    },
    {
      gives: record,
      needs: (built) => recordsIn(built).filter((variable) => variable !== record),
      prepare: (built) => typeRecordFields(context, built),
      onColumns: (columns) => {
        if (record !== null) context.shapes.set(record, mergedShape(context.shapes.get(record), columns));
      },
    },
  );
  if (isRefusal(unit)) {
    context.refusals.push(unit);
    return () => ({
      kind: 'unsupported-statement',
      construct: 'syntax error',
      sql: text,
      line,
      columns: null,
    });
  }
  context.units.push(unit);
  return () => unit.statement;
}

/** An expression, which PL/pgSQL runs as `SELECT <expression>`. */
export function laterExpression(
  context: PlpgsqlContext,
  scope: NameScope,
  raw: RawExpression | null,
  line: number,
): Later<Expression> {
  const text = raw === null ? 'NULL' : raw.mode >= 3 ? assignedValue(raw.query) : raw.query;
  const statement = laterStatement(context, scope, `SELECT ${text}`, line);
  return () => expressionOf(statement(), text);
}

/** Comma-separated expressions. */
export function laterExpressions(
  context: PlpgsqlContext,
  scope: NameScope,
  text: string,
  line: number,
): Later<readonly Expression[]> {
  const statement = laterStatement(context, scope, `SELECT ${text}`, line);
  return () => {
    const built = statement();
    return built.kind === 'select'
      ? built.targets.map((target) => target.expression)
      : [expressionOf(built, text)];
  };
}

/** The text left of `:=` or `=` in an assignment. */
export function assignmentTarget(query: string): string {
  const at = assignmentOperator(query);
  return at === null ? '' : Buffer.from(query).subarray(0, at.start).toString().trim();
}

/** Drops the gap that INTO left behind. */
export function withoutGap(query: string): string {
  const tokens = scanTokens(query);
  if (!tokens) return query;
  const bytes = Buffer.from(query);
  let text = '';
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    const gap = before ? bytes.subarray(before.end, token.start).toString() : '';
    text += (/^ {2,}$/.test(gap) ? ' ' : gap) + token.text;
  });
  return text;
}

function assignedValue(query: string): string {
  const at = assignmentOperator(query);
  return at === null ? query : Buffer.from(query).subarray(at.end).toString().trim();
}

function assignmentOperator(query: string): { readonly start: number; readonly end: number } | null {
  let depth = 0;
  for (const token of scanTokens(query) ?? []) {
    if (depth === 0 && (token.text === ':=' || token.text === '=')) return token;
    depth += /^[([]$/.test(token.text) ? 1 : /^[)\]]$/.test(token.text) ? -1 : 0;
  }
  return null;
}

/** `x := c FROM t WHERE …` is a query: it stands as a scalar subquery. */
function expressionOf(statement: Statement, text: string): Expression {
  const only =
    statement.kind === 'select' && statement.targets.length === 1 ? statement.targets[0] : undefined;
  if (statement.kind !== 'select' || !only) {
    return { kind: 'unsupported', construct: 'expression of several columns', sql: text, type: null };
  }
  return isPlain(statement)
    ? only.expression
    : { kind: 'scalar-subquery', select: statement, type: only.expression.type };
}

function isPlain(select: Select): boolean {
  return (
    select.from.length === 0 &&
    select.where === null &&
    select.with.length === 0 &&
    select.setOperation === null &&
    select.values === null &&
    select.groupBy.length === 0 &&
    select.having === null &&
    select.limit === null &&
    select.offset === null &&
    select.distinct === null
  );
}

function recordsIn(context: StatementContext): readonly number[] {
  return context.occurrences.flatMap(({ node }) =>
    node.kind === 'variable' && node.type === null ? [node.variable] : [],
  );
}

function typeRecordFields(context: PlpgsqlContext, built: StatementContext): void {
  for (const { node } of built.occurrences) {
    if (node.kind !== 'variable' || node.type !== null) continue;
    const [field, ...deeper] = node.path;
    const type =
      field === undefined || deeper.length > 0
        ? null
        : (context.shapes.get(node.variable)?.get(field) ?? null);
    node.type = type;
    if (type === null) built.incomplete = true;
  }
}

/** Two statements that fill one record agree on a field, or its type is not known. */
function mergedShape(
  known: ReadonlyMap<string, number | null> | undefined,
  columns: readonly StatementColumn[],
): ReadonlyMap<string, number | null> {
  const shape = new Map<string, number | null>(known ?? []);
  for (const { name, type } of columns)
    shape.set(name, known?.has(name) && known.get(name) !== type ? null : type);
  return shape;
}
