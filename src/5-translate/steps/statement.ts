/** Statements whose rows go nowhere: writes and PERFORM. FOUND is told by a row or by the count, when it is read. */
import type { Statement } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { cardinality } from '../cardinality.js';
import type { Line } from '../code.js';
import { walk } from '../../4-classify/walk-body.js';
import { performCall } from './call-statement.js';
import { singular, type StepsContext } from './context.js';
import type { CountSource, Flow, Row } from './flow.js';
import { setFound } from './found.js';
import { noteLockedRow } from './locked-row.js';
import { noteStatement } from './note-statement.js';
import { plainQuery, rowsQuery, type Field } from './rows-query.js';
import { noteSent } from './send.js';
import { unsupported } from '../untranslatable.js';

export function runStatement(statement: Statement, context: StepsContext, flow: Flow, out: Line[]): void {
  if (statement.kind === 'select') return perform(statement, context, flow, out);
  const query = plainQuery(statement, context, flow);
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const source: CountSource = { list: out, index: out.length, query: query.code, form: 'result', name: null };
  out.push({ kind: 'expression', value: { kind: 'await', value: query.code } });
  // TRUNCATE leaves FOUND as it was.
  flow.rowCount = statement.kind === 'unsupported-statement' ? null : source;
  if (statement.kind !== 'unsupported-statement') setFound({ kind: 'count', source }, context, flow, out);
}

/** PERFORM: every row is fetched, unless one is all there is. */
function perform(
  statement: Extract<Statement, { kind: 'select' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  if (performCall(statement, context, flow, out)) return;
  const single = atMostOne(statement, context.input.catalog);
  const certain = cardinality(statement, context.input.catalog) === 'exactly-one';
  const unread = certain || !single ? ({ unread: true } as const) : {};
  const taken = new Set<string>();
  const fields = statement.targets.map((target, index): Field => {
    const type = target.expression.type ?? statement.columns?.[index]?.type ?? null;
    if (type === null) return unsupported('PERFORM of a value of unknown type');
    const name =
      target.expression.kind === 'column'
        ? target.expression.column
        : index === 0
          ? 'one'
          : `value${index + 1}`;
    const known = context.input.catalog.types.get(type);
    const kept = known?.kind === 'pseudo' ? { ...target, expression: target.expression } : target;
    const key = taken.has(name) ? `${name}${index + 1}` : name;
    taken.add(key);
    return { key, target: kept, type, cast: '', nullable: true, returned: true, ...unread };
  });
  const query = rowsQuery(statement, neededFields(statement, fields), context, flow);
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const at = out.length;
  if (certain || !single) {
    const form = query.form === 'rows' ? 'rows' : 'result';
    const source: CountSource = { list: out, index: at, query: query.code, form, name: null };
    out.push({ kind: 'expression', value: { kind: 'await', value: query.code } });
    setFound(certain ? { kind: 'constant', value: true } : { kind: 'count', source }, context, flow, out);
    flow.rowCount = source;
    return;
  }
  const row: Row = { name: context.names.unique(singular(tableOf(statement))), certain: false };
  const pattern = query.form === 'rows' ? `[${row.name}]` : `{ rows: [${row.name}] }`;
  out.push({ kind: 'const', pattern, value: { kind: 'await', value: query.code } });
  setFound({ kind: 'row', row }, context, flow, out);
  if (query.origin) context.origins.set(row.name, query.origin);
  noteLockedRow(statement, row, context, flow);
  flow.rowCount = { rows: row };
}

/** Nobody reads the values: of plain columns one will do. */
function neededFields(
  { distinct, setOperation, orderBy }: Extract<Statement, { kind: 'select' }>,
  fields: readonly Field[],
): readonly Field[] {
  if (distinct !== null || setOperation !== null || orderBy.length > 0) return fields;
  const computed = fields.filter(({ target }) => target.expression.kind !== 'column');
  return computed.length > 0 ? computed : fields.slice(0, 1);
}

function tableOf(statement: Statement): string {
  let table: string | null = null;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && typeof node['table'] === 'string') table ??= node['table'];
  });
  return table ?? 'row';
}
