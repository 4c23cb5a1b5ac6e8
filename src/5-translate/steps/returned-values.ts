/** Values for the caller, as the driver would have given them: from JavaScript where it has them, else asked together. */
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import { emptySelect } from '../../4-classify/select-of.js';
import type { Code, Line, ObjectEntry } from '../code.js';
import { nullable } from '../nullability.js';
import { rawType } from '../representation.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentCast } from './assignment.js';
import { calledValue } from './call-routine.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { noteRead } from './note-statement.js';
import { readVariable, withKnown } from './read-variable.js';
import type { ResultColumn } from './result.js';
import { rowsQuery, type Field } from './rows-query.js';
import { evaluated, noteSent } from './send.js';

/** One value. The code may be a promise, which an async function may return. */
export function returnedValue(
  node: Expression,
  type: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  const known = knownValue(node, type, context, flow) ?? calledValue(node, type, context, flow, out);
  if (known !== null) return known;
  const { catalog } = context.input;
  const cast = assignmentCast(catalog, node.type, { type, typmod: -1 });
  noteRead(node, flow);
  const raw = rawType(catalog, type, context.driver);
  const { code } = evaluated(node, cast, type, context, flow, out, raw);
  return code.kind === 'await' ? code.value : code;
}

/** `{ id, name: … }` with a value for each column; what JavaScript does not have is one statement. */
export function returnedRow(
  nodes: readonly Expression[],
  columns: readonly ResultColumn[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  if (nodes.length !== columns.length) return unsupported('RETURN of a row of other columns');
  const values = columns.map(({ name, type }, index) => {
    const node = nodes[index] ?? ({ kind: 'null', type: null } as const);
    return { name, type, node, code: knownValue(node, type, context, flow) };
  });
  const asked = values.filter((value) => value.code === null);
  const row = asked.length === 0 ? null : askedRow(asked, context, flow, out);
  const entries = values.map(({ name, code }): ObjectEntry => {
    const object: Code = { kind: 'non-null', value: { kind: 'local', name: row ?? '' } };
    return { kind: 'property', key: name, value: code ?? { kind: 'member', object, property: name } };
  });
  return { kind: 'object', entries };
}

/** The name of the row that a SELECT without FROM gives. */
function askedRow(
  values: readonly (ResultColumn & { readonly node: Expression })[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): string {
  const { catalog } = context.input;
  const fields = values.map(({ name, type, node }): Field => ({
    key: name,
    target: { name, expression: node },
    type,
    cast: assignmentCast(catalog, node.type, { type, typmod: -1 }),
    nullable: nullable(withKnown(node, context, flow), new Set()),
    returned: true,
  }));
  const select: Select = { ...emptySelect, targets: fields.map(({ target }) => target) };
  const query = rowsQuery(select, fields, context, flow);
  noteRead(select, flow);
  noteSent(query.sent, select, query.scope, context, flow, out);
  const row = context.names.unique('values');
  const pattern = query.form === 'rows' ? `[${row}]` : `{ rows: [${row}] }`;
  out.push({ kind: 'const', pattern, value: { kind: 'await', value: query.code } });
  return row;
}

function knownValue(node: Expression, type: number, context: StepsContext, flow: Flow): Code | null {
  const { catalog } = context.input;
  const domain = catalog.types.get(type)?.kind === 'domain';
  if (node.kind === 'null' && !domain) return { kind: 'keyword', value: 'null' };
  const read = node.kind === 'variable' ? given(node, flow) : null;
  if (read !== null && node.type === type) return read;
  const { raw } = carrier(catalog, type, context.driver);
  return raw ? (valueInJavaScript(node, { type, typmod: -1 }, context, flow)?.code ?? null) : null;
}

/** A variable that is kept as the driver gave it. */
function given(node: VariableReference, flow: Flow): Code | null {
  const read = readVariable(node, flow);
  if (read?.code.kind === 'keyword') return read.code;
  return read?.given === true && read.type === node.type ? read.code : null;
}
