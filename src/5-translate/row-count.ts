/** ROW_COUNT and FOUND after a write: what the driver reports, not rows that nobody needs. */
import type { Driver } from '../1-read/user-project.js';
import type { Code } from './code.js';
import { unsupported } from './untranslatable.js';

/** The un-awaited query, made to resolve to the count as the routine's type shows it, or to whether it is above 0. */
export function countOf(query: Code, kind: 'found' | 'row-count', typeName: string, driver: Driver): Code {
  const result: Code = { kind: 'local', name: 'result' };
  const property = { 'node-postgres': 'rowCount', 'postgres-js': 'count', pglite: 'affectedRows' }[driver];
  const reported: Code = { kind: 'member', object: result, property };
  const zero: Code = { kind: 'number', text: '0' };
  const count: Code =
    driver === 'postgres-js' ? reported : { kind: 'binary', operator: '??', left: reported, right: zero };
  return then(
    query,
    kind === 'found' ? { kind: 'binary', operator: '>', left: count, right: zero } : asType(count, typeName),
  );
}

/** Whether a SELECT gave a row. */
export function anyRow(query: Code): Code {
  const length: Code = { kind: 'member', object: { kind: 'local', name: 'result' }, property: 'length' };
  return then(query, { kind: 'binary', operator: '>', left: length, right: { kind: 'number', text: '0' } });
}

function then(query: Code, body: Code): Code {
  const arrow: Code = { kind: 'arrow', async: false, parameters: ['result'], body };
  return { kind: 'call', callee: { kind: 'member', object: query, property: 'then' }, arguments: [arrow] };
}

function asType(count: Code, typeName: string): Code {
  if (typeName === 'integer' || typeName === 'smallint') return count;
  if (typeName === 'bigint' || typeName === 'numeric' || typeName === 'text') {
    return { kind: 'call', callee: { kind: 'local', name: 'String' }, arguments: [count] };
  }
  return unsupported(`ROW_COUNT returned as ${typeName}`);
}
