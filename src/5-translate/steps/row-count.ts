/** The number of rows that a statement touched, asked of its result only when the body reads it. */
import type { Code } from '../code.js';
import type { StepsContext } from './context.js';
import type { CountSource } from './flow.js';

/** Names the result of the statement and gives its count. */
export function countCode(source: CountSource, context: StepsContext): Code {
  if (source.name === null) {
    source.name = context.names.unique(source.form === 'rows' ? 'rows' : 'result');
    const value: Code = { kind: 'await', value: source.query };
    source.list[source.index] = { kind: 'const', pattern: source.name, value };
  }
  const object: Code = { kind: 'local', name: source.name };
  if (source.form === 'rows') return { kind: 'member', object, property: 'length' };
  const property = { 'node-postgres': 'rowCount', 'postgres-js': 'count', pglite: 'affectedRows' }[
    context.driver
  ];
  const count: Code = { kind: 'member', object, property };
  if (context.driver === 'postgres-js') return count;
  return { kind: 'binary', operator: '??', left: count, right: { kind: 'number', text: '0' } };
}
