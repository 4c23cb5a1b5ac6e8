/** Something slow outside the database is awaited while a transaction is open. */
import type { Problem, Rule } from './finding.js';
import { ioCalls } from './facts/io-calls.js';
import { isInside } from './facts/program-facts.js';
import { scopesOf } from './facts/transactions.js';

export const txAwaitIo: Rule = {
  id: 'tx-await-io',
  severity: 'error',
  title: 'Inside a transaction something outside the database is awaited',
  *check({ file, facts }): Iterable<Problem> {
    for (const { callback } of scopesOf(facts, file)) {
      if (callback.getSourceFile() !== file) continue;
      for (const { node, what, through } of ioCalls(facts, callback)) {
        if (!isInside(node, callback)) continue;
        const by = through.length === 0 ? '' : ` in \`${through.join('` → `')}\``;
        yield {
          node,
          message: `The transaction waits for ${what}${by}: its connection and its locks are held until the answer comes, and a rollback does not take back what was sent.`,
          help: 'Do it before the transaction, or after the commit (an outbox row written in the transaction says what is still to be sent).',
        };
      }
    }
  },
};
