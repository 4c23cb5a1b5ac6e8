/** TRUNCATE of tables that the catalog shows. */
import type { TruncateStmt } from '../sql/parse-body.js';
import { noteSchema, rangeOfRelation } from './build-from.js';
import { unsupportedStatement } from './build-statement.js';
import type { RangeTable, Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';

/** Outside the kinds that have rows and columns: one that is not described. */
export function buildTruncate(context: StatementContext, node: TruncateStmt): Statement {
  const tables = (node.relations ?? []).map((one) =>
    'RangeVar' in one ? tableOf(context, one.RangeVar) : null,
  );
  const known = tables.filter((table) => table !== null);
  const plain = unsupportedStatement(context, { TruncateStmt: node }, 'TRUNCATE');
  if (plain.kind !== 'unsupported-statement' || known.length < tables.length) return plain;
  const restart = node.restart_seqs === true ? ' restart identity' : '';
  const cascade = node.behavior === 'DROP_CASCADE' ? ' cascade' : '';
  return { ...plain, truncated: { tables: known, options: `${restart}${cascade}` } };
}

function tableOf(context: StatementContext, node: Parameters<typeof rangeOfRelation>[2]): RangeTable | null {
  const relation = context.lookup.relation(node.schemaname ?? null, node.relname ?? '');
  if (!relation || node.inh !== true) return null;
  noteSchema(context, node, relation);
  return rangeOfRelation(context, relation, node).item;
}
