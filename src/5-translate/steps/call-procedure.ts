/**
 * CALL of a procedure inside a body: the generated function that it is, or CALL itself where it must stay. The OUT
 * and INOUT arguments take what its row holds; FOUND and ROW_COUNT stay as they were (exec_stmt_call in pl_exec.c).
 */
import type { Target } from '../../3-parse/body.js';
import type { CalledProcedure, Select, Statement, UnsupportedStatement } from '../../3-parse/statement.js';
import { emptySelect } from '../../4-classify/select-of.js';
import type { Code, Line } from '../code.js';
import { propertyKey } from '../print/print-code.js';
import { writeText } from '../statements/whole-write.js';
import { template } from '../fragment.js';
import { unsupported } from '../untranslatable.js';
import { assignedFields, type Assigned } from './assigned-fields.js';
import { bindRow } from './bind-row.js';
import { routineCall } from './call-routine.js';
import { carrier } from './carrier.js';
import { variableOf, type StepsContext } from './context.js';
import type { Flow, Row } from './flow.js';
import { noteStatement } from './note-statement.js';
import { sqlScope } from './read-variable.js';
import { fieldType } from './rows-query.js';
import { noteSent } from './send.js';

type CallStatement = UnsupportedStatement & { readonly called: CalledProcedure };

/** The statement where it is CALL of a known procedure, else null. */
export function asCall(statement: Statement): CallStatement | null {
  if (statement.kind !== 'unsupported-statement' || statement.called === undefined) return null;
  return { ...statement, called: statement.called };
}

export function callProcedure(
  statement: CallStatement,
  targets: readonly Target[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const { call, outs } = statement.called;
  if (outs.length !== targets.length) return unsupported('CALL of a procedure with OUT arguments in SQL');
  const assigned = assignedOuts(statement.called, targets, context, flow);
  const made = routineCall(call, context, flow, out);
  if (made === null) return stayingCall(statement, assigned, context, flow, out);
  if (assigned.length === 0) {
    out.push({ kind: 'expression', value: { kind: 'await', value: made.code } });
    return;
  }
  const row = rowOf(statement.called, context);
  out.push({ kind: 'const', pattern: `[${row.name}]`, value: { kind: 'await', value: made.code } });
  bindRow(assigned, row, context, flow, out);
}

/** What each OUT argument goes into; the row has the procedure's own names. */
function assignedOuts(
  { outs }: CalledProcedure,
  targets: readonly Target[],
  context: StepsContext,
  flow: Flow,
): readonly Assigned[] {
  if (outs.length === 0) return [];
  if (targets.some((target) => !isAssignable(target, context)))
    return unsupported('CALL whose OUT argument is no variable that it can assign');
  const rows: Select = {
    ...emptySelect,
    targets: outs.map(({ name, type }) => ({ name, expression: { kind: 'null', type } })),
  };
  return assignedFields(targets, rows, context, flow).map((each, index): Assigned => {
    const { name = '', type = 0 } = outs[index] ?? {};
    const { raw } = carrier(context.input.catalog, type, context.driver);
    if (each.name !== null) return unsupported('CALL with a record in the place of OUT arguments');
    if (each.how.cast !== '' || !(raw || each.field.returned === true))
      return unsupported(`the OUT argument ${name}, which is assigned as another type`);
    return { ...each, read: true, field: { ...each.field, key: name, nullable: true } };
  });
}

/** PostgreSQL refuses anything else when CALL runs. */
function isAssignable(target: Target, context: StepsContext): boolean {
  return target.kind === 'variable' && !variableOf(context, target.variable).constant;
}

function rowOf({ call }: CalledProcedure, context: StepsContext): Row {
  return { name: context.names.unique(`${call.name}_result`), certain: true };
}

/** `call p(…)` as a statement of its own. */
function stayingCall(
  statement: CallStatement,
  assigned: readonly Assigned[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const { called } = statement;
  const scope = sqlScope(called.call, context, flow, 'statement');
  const sql = template(writeText(statement, scope, null));
  noteSent(sql, called.call, scope, context, flow, out);
  noteStatement(statement, context, flow);
  const callee: Code = { kind: 'member', object: { kind: 'executor' }, property: 'execute' };
  const fields = assigned.map(({ field }) => `${propertyKey(field.key)}: ${fieldType(field, context)}`);
  const types = fields.length === 0 ? {} : { typeArguments: [`{ ${fields.join('; ')} }`] };
  const query: Code = { kind: 'await', value: { kind: 'call', callee, arguments: [sql], ...types } };
  if (assigned.length === 0) {
    out.push({ kind: 'expression', value: query });
    return;
  }
  const row = rowOf(called, context);
  const pattern = context.driver === 'postgres-js' ? `[${row.name}]` : `{ rows: [${row.name}] }`;
  out.push({ kind: 'const', pattern, value: query });
  bindRow(assigned, row, context, flow, out);
}
