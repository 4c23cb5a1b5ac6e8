/** BEGIN, sent through something that picks a connection for each statement. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { clientOfType, isPooled } from './facts/clients.js';
import { receiverOf } from './facts/fate.js';
import type { ProgramFacts } from './facts/program-facts.js';
import { property, sentIn, type SentText } from './facts/senders.js';
import { constantOf, sqlTextOf } from './facts/sql-text.js';

export const txRaw: Rule = {
  id: 'tx-raw',
  severity: 'error',
  title: 'A transaction is begun on a pool, where each statement may run on another connection',
  *check({ file, facts }): Iterable<Problem> {
    for (const sent of sentIn(facts, file)) {
      if (!isPooled(sent.client) || hasOneConnection(facts, sent)) continue;
      const text = sqlTextOf(facts, sent.text)?.text ?? '';
      if (!/^\s*(?:begin|start\s+transaction)\b/i.test(text)) continue;
      yield {
        node: sent.node,
        message:
          'BEGIN goes to whichever connection is free and the next statement to another one: what should be in the transaction is committed at once, and the connection with the open transaction goes back to the pool.',
        help: 'Use `db.transaction(async (tx) => …)` (postgres.js: `sql.begin`), or check one client out of the pool and send all of it there.',
      };
    }
  },
};

/** Drizzle over one client, an embedded database, or postgres.js with `max: 1`. */
function hasOneConnection(facts: ProgramFacts, sent: SentText): boolean {
  const receiver = ts.isCallExpression(sent.node) ? receiverOf(sent.node) : sent.node.tag;
  if (receiver === null) return false;
  const type = facts.checker.getTypeAtLocation(receiver);
  if (/\bPglite/.test(facts.checker.typeToString(type))) return true;
  const client = type.getProperty('$client');
  if (client !== undefined) {
    const kind = clientOfType(facts, facts.checker.getTypeOfSymbolAtLocation(client, receiver));
    return kind === 'pg-client' || kind === 'pg-pool-client' || kind === 'postgres-reserved';
  }
  const made = constantOf(facts, receiver);
  const options =
    made !== null && ts.isCallExpression(unwrap(made))
      ? (unwrap(made) as ts.CallExpression).arguments.at(-1)
      : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(unwrap(options))) return false;
  return property(unwrap(options) as ts.ObjectLiteralExpression, 'max')?.getText() === '1';
}
