/** A statement whose rows go into variables: `const [job] = await tx.select({ … }) …`. */
import type { Step, Target } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Select, Statement } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { walk } from '../../4-classify/walk-body.js';
import { cardinality } from '../cardinality.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import { calledRow, intoCall } from './call-statement.js';
import { bareName, singular, variableOf, type StepsContext } from './context.js';
import type { Flow, Row } from './flow.js';
import { setFound } from './found.js';
import { raised } from './raise.js';
import { rowsQuery } from './rows-query.js';
import { assignedFields, recordType, type Assigned } from './assigned-fields.js';
import { bindRow } from './bind-row.js';
import { isVolatile, isWrite, noteSent } from './send.js';
import { joinedToLock, noteLockedRow } from './locked-row.js';
import { noteStatement } from './note-statement.js';

type IntoStep = Extract<Step, { kind: 'execute-sql' }>;

export function selectInto(step: IntoStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { into, statement } = step;
  if (into === null) throw new Error('The step has no INTO');
  if (intoCall(step, context, flow, out)) return;
  if (joinedToLock(step, context, flow, out)) return;
  const { catalog } = context.input;
  const one = atMostOne(statement, catalog);
  // A write may return one row at most even without STRICT.
  const several = !one && (into.strict || isWrite(statement));
  const count = cardinality(statement, catalog);
  const wanted = assignedFields(into.targets, statement, context, flow);
  const called = into.strict ? null : calledRow(statement, wanted.map(typeAndCast), context, flow, out);
  const assigned = called === null ? wanted : wanted.map((each, index) => keyed(each, called.keys[index]));
  const read = assigned.filter((each) => each.read);
  const fields = read.map((each) => each.field);
  const limited = one ? statement : limitedTo(statement, into.strict ? 2 : 1);
  const query =
    called === null
      ? rowsQuery(limited, fields, context, flow)
      : ({ code: called.call.code, form: 'rows' } as const);
  const name = context.names.unique(rowName(statement, into.targets, context));
  const row: Row = { name, certain: called === null ? count === 'exactly-one' : called.certain };
  if ('sent' in query) noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const second = several ? context.names.unique('another') : null;
  const names = second === null ? name : `${name}, ${second}`;
  const pattern = query.form === 'rows' ? `[${names}]` : `{ rows: [${names}] }`;
  const used = fields.length > 0 || into.strict;
  const at = out.length;
  out.push({ kind: 'const', pattern, value: { kind: 'await', value: query.code } });
  if ('origin' in query && query.origin) context.origins.set(row.name, query.origin);
  noteLockedRow(statement, row, context, flow);
  flow.rowCount = { rows: row.certain ? 'one' : row };
  if (!used && row.certain) out[at] = { kind: 'expression', value: { kind: 'await', value: query.code } };
  setFound(row.certain ? { kind: 'constant', value: true } : { kind: 'row', row }, context, flow, out);
  if (into.strict) noRowTest(row, flow, out);
  if (second !== null) secondRowTest(second, context, flow, out);
  bindRow(assigned, row, context, flow, out);
}

function typeAndCast({ type, field, how }: Assigned): { readonly type: number; readonly cast: string } {
  return { type, cast: how.check === null ? field.cast : 'checked' };
}

/** The row of a generated function has the routine's own names. */
function keyed(each: Assigned, key: string | undefined): Assigned {
  return key === undefined ? each : { ...each, field: { ...each.field, key, nullable: true } };
}

/** PL/pgSQL fetches one row, of STRICT two, and stops there; a lock reaches no further. */
function limitedTo(statement: Statement, rows: number): Statement {
  if (statement.kind !== 'select') return statement;
  if (statement.limit !== null) {
    return isVolatile(statement) ? unsupported('INTO of the first of several locked rows') : statement;
  }
  const limit: Expression = { kind: 'literal', literal: 'integer', text: String(rows), type: 23 };
  return { ...statement, limit } satisfies Select;
}

function noRowTest(row: Row, flow: Flow, out: Line[]): void {
  if (row.certain) return;
  const none = raised('P0002', 'query returned no rows', {});
  const local: Code = { kind: 'local', name: row.name };
  out.push({ kind: 'if', test: { kind: 'not', value: local }, then: [none], otherwise: null });
  flow.present.add(row.name);
  if (flow.found.kind === 'row') flow.found = { kind: 'constant', value: true };
}

function secondRowTest(second: string, context: StepsContext, flow: Flow, out: Line[]): void {
  const hint =
    context.input.catalog.serverVersionNumber >= 120000
      ? { hint: 'Make sure the query returns a single row, or use LIMIT 1.' }
      : {};
  const many = raised('P0003', 'query returned more than one row', hint);
  out.push({ kind: 'if', test: { kind: 'local', name: second }, then: [many], otherwise: null });
  context.raises.push(new Set(flow.sent));
}

function rowName(statement: Statement, targets: readonly Target[], context: StepsContext): string {
  const [first] = targets;
  const record =
    targets.length === 1 && first?.kind === 'variable' && recordType(first.variable, context) !== null
      ? bareName(variableOf(context, first.variable).name)
      : 'row';
  if (record !== 'row') return record;
  let table: string | null = null;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && typeof node['table'] === 'string') table ??= node['table'];
  });
  if (table !== null) return singular(table);
  const [item] = statement.kind === 'select' ? statement.from : [];
  return item?.kind === 'function' ? `${item.alias}_row` : 'row';
}
