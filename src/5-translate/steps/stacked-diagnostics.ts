/** GET STACKED DIAGNOSTICS: what the handled error says, an empty text for what it does not. */
import type { Step } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import { forget } from './bind-row.js';
import { notAssignable, useOf, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { fieldsOf } from './handlers.js';

/** The fields of node-postgres and PGlite, and of postgres.js. */
const items: Readonly<Record<string, readonly [string, string]>> = {
  RETURNED_SQLSTATE: ['code', 'code'],
  MESSAGE_TEXT: ['message', 'message'],
  PG_EXCEPTION_DETAIL: ['detail', 'detail'],
  PG_EXCEPTION_HINT: ['hint', 'hint'],
  COLUMN_NAME: ['column', 'column_name'],
  CONSTRAINT_NAME: ['constraint', 'constraint_name'],
  PG_DATATYPE_NAME: ['dataType', 'type_name'],
  TABLE_NAME: ['table', 'table_name'],
  SCHEMA_NAME: ['schema', 'schema_name'],
};

export function stackedDiagnostics(
  step: Extract<Step, { kind: 'get-diagnostics' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const error = context.handling.at(-1);
  if (error === undefined) return unsupported('GET STACKED DIAGNOSTICS outside a handler');
  const fields: string[] = [];
  for (const { item, target } of step.items) {
    const key = items[item]?.[context.driver === 'postgres-js' ? 1 : 0];
    if (key === undefined) return unsupported(`GET STACKED DIAGNOSTICS of ${item}`);
    if (target.kind !== 'variable') return unsupported('GET STACKED DIAGNOSTICS into a part of a variable');
    const variable = variableOf(context, target.variable);
    if (variable.type !== 25 || variable.typmod !== -1)
      return unsupported('GET STACKED DIAGNOSTICS into a variable of another type than text');
    forget(variable.id, flow);
    const current = flow.bindings.get(variable.id);
    if (useOf(context, variable.id).single) {
      const name = context.names.ofVariable(variable.name);
      fields.push(`${name === key ? key : `${key}: ${name}`}${isAlwaysSaid(key) ? '' : " = ''"}`);
      flow.bindings.set(variable.id, {
        kind: 'local',
        code: { kind: 'local', name },
        type: 25,
        nullable: false,
      });
    } else if (current?.kind === 'local' && current.code.kind === 'local') {
      out.push({ kind: 'set', target: current.code.name, value: fieldOf(error, key) });
      flow.known.add(`v${variable.id}`);
    } else if (useOf(context, variable.id).whole) notAssignable(variable);
  }
  if (fields.length > 0)
    out.push({ kind: 'const', pattern: `{ ${fields.join(', ')} }`, value: fieldsOf(error) });
}

function fieldOf(error: string, key: string): Code {
  const field: Code = { kind: 'member', object: fieldsOf(error), property: key };
  if (isAlwaysSaid(key)) return field;
  return { kind: 'binary', operator: '??', left: field, right: { kind: 'string', value: '' } };
}

function isAlwaysSaid(key: string): boolean {
  return key === 'code' || key === 'message';
}
