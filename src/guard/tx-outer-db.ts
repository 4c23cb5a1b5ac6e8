/** A client other than the transaction's, used while the transaction's callback runs. */
import type { Problem, Rule } from './finding.js';
import { isPooled } from './facts/clients.js';
import { clientUses, type ClientUse } from './facts/client-uses.js';
import { scopesOf } from './facts/transactions.js';
import { isInside } from './facts/program-facts.js';

export const txOuterDb: Rule = {
  id: 'tx-outer-db',
  severity: 'error',
  title: 'Inside a transaction another client than the transaction is used',
  *check({ file, facts }): Iterable<Problem> {
    for (const { callback } of scopesOf(facts, file)) {
      if (callback.getSourceFile() !== file) continue;
      for (const use of clientUses(facts, callback)) {
        if (use.root.kind !== 'outside' && use.root.kind !== 'this') continue;
        if (!isInside(use.node, callback)) continue;
        yield { node: use.node, message: messageOf(use), help: helpOf(use) };
      }
    }
  },
};

function messageOf(use: ClientUse): string {
  const name = use.root.kind === 'outside' ? `\`${use.root.name}\`` : 'a client of its own object';
  const what =
    use.through.length === 0
      ? `${name} is not the transaction's client`
      : `\`${use.through.join('` calls `')}\` uses ${name}, which is not the transaction's client`;
  const effect = isPooled(use.client)
    ? 'it waits for a second connection while this one is held: as many transactions at once as the pool has connections hang for ever, and what it writes is not rolled back'
    : 'what it does is neither part of the transaction nor rolled back with it';
  return `${what}: ${effect}.`;
}

function helpOf(use: ClientUse): string {
  return use.through.length === 0
    ? "Use the callback's parameter, or move this before or after the transaction."
    : `Hand the transaction to \`${use.through[0] ?? ''}\` as a parameter, or call it before or after the transaction.`;
}
