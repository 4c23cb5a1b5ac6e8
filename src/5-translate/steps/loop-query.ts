/** FOR over the rows of a query: `for (const promise of promiseRows)`. */
import type { Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import type { Code, Line } from '../code.js';
import { mayRefuseNull } from '../refuses-null.js';
import { unsupported } from '../untranslatable.js';
import { assignedFields, recordType, type Assigned } from './assigned-fields.js';
import { bindRow } from './bind-row.js';
import { bareName, singular, useOf, variableOf, type StepsContext } from './context.js';
import type { CountSource, Flow, Row } from './flow.js';
import { setFound } from './found.js';
import { leave, turnOf } from './loop.js';
import { noteStatement } from './note-statement.js';
import { refuseLazyRows, type QueryStep } from './query-of-loop.js';
import { rowsQuery } from './rows-query.js';
import { noteSent } from './send.js';
import { readsIn } from './variable-uses.js';

export function forQuery(step: QueryStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { statement } = step;
  refuseLazyRows(step, context);
  const assigned = assignedFields(step.target, statement, context, flow);
  // DISTINCT and UNION compare all columns.
  const all = statement.kind === 'select' && (statement.setOperation ?? statement.distinct) !== null;
  const fields = assigned.filter((each) => all || each.read).map((each) => each.field);
  const query = rowsQuery(statement, fields, context, flow);
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const row: Row = { name: context.names.unique(rowName(step, context)), certain: true };
  const list = context.names.unique(`${row.name}_rows`);
  const value: Code = { kind: 'await', value: query.code };
  const source: CountSource = { list: out, index: out.length, query: query.code, form: 'rows', name: list };
  out.push({ kind: 'const', pattern: query.form === 'rows' ? list : `{ rows: ${list} }`, value });
  if (query.origin) context.origins.set(row.name, query.origin);
  emptied(step, assigned, context, flow, out);
  const turn = turnOf(step, context, flow, (inner, body) => {
    inner.present.add(row.name);
    bindRow(assigned, row, context, inner, body);
  });
  const iterable: Code = { kind: 'local', name: list };
  out.push({ kind: 'for-of', binding: row.name, iterable, body: turn.body, label: turn.label });
  leave(turn, true, context, flow);
  setFound({ kind: 'count', source }, context, flow, out);
}

/** Without rows the targets are NULL afterwards, which only matters where something reads them outside the loop. */
function emptied(
  step: QueryStep,
  assigned: readonly Assigned[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  for (const { target } of assigned) {
    if (target.kind !== 'variable') continue;
    const variable = variableOf(context, target.variable);
    // Without rows PL/pgSQL assigns NULL, which such a domain refuses whether anything reads it or not.
    if (variable.type !== null && mayRefuseNull(context.input.catalog, variable.type))
      unsupported('FOR into a variable of a domain that may refuse NULL');
    const outside = readsIn(context.steps, variable.id).length > readsIn(step.body, variable.id).length;
    if (useOf(context, variable.id).single || !(outside || variable.origin === 'out')) continue;
    if (variable.notNull) unsupported('FOR into a variable that is NOT NULL');
    const binding = flow.bindings.get(variable.id);
    if (binding?.kind !== 'local' || binding.code.kind !== 'local') continue;
    out.push({ kind: 'set', target: binding.code.name, value: { kind: 'keyword', value: 'null' } });
    flow.known.delete(`v${variable.id}`);
  }
}

/** The record's name where it says something, else that of a row of the table. */
function rowName({ target, statement }: QueryStep, context: StepsContext): string {
  const [first, ...others] = target;
  if (first?.kind === 'variable' && others.length === 0 && recordType(first.variable, context) !== null) {
    const name = bareName(variableOf(context, first.variable).name);
    if (
      name.length > 3 &&
      !/^(rec|rec\d|record|row|row_?data|result|item|cur|cursor|loop_?rec\w*)$/i.test(name)
    )
      return name;
  }
  const table = tableOf(statement);
  return table === null ? 'row' : singular(table);
}

function tableOf(statement: Statement): string | null {
  let table: string | null = null;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && typeof node['table'] === 'string') table ??= node['table'];
  });
  return table;
}
