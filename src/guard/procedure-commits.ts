/** COMMIT or ROLLBACK in a routine that is run where a transaction may not be ended. */
import { bodyRule } from './bodies/body-rule.js';
import type { Reached } from './bodies/reach.js';
import { isTransaction } from './facts/clients.js';

export const procedureCommits = bodyRule({
  id: 'procedure-commits',
  title: 'A routine that commits is run inside a transaction',
  help: 'Call it outside of a transaction, as one statement of its own: `db.execute(sql`CALL …`)`; a function, a SET clause and SECURITY DEFINER never allow COMMIT.',
  judge: ({ site, reached }) =>
    reached.slice(1).flatMap((one) => {
      const [commit] = one.reading.commits;
      const why =
        commit === undefined ? null : obstacle(one, site.client !== null && isTransaction(site.client));
      return commit === undefined || why === null
        ? []
        : [
            {
              reached: one,
              line: commit.line,
              what: `${commit.word} fails with 2D000 (invalid transaction termination), because ${why}`,
            },
          ];
    }),
});

/** Why the transaction may not be ended there, or null. */
function obstacle({ via }: Reached, inTransaction: boolean): string | null {
  const called = via.find(({ kind }) => kind !== 'procedure');
  if (called !== undefined) return `${called.name} is a function`;
  const bound = via.find(({ configuration, securityDefiner }) => configuration.length > 0 || securityDefiner);
  if (bound !== undefined)
    return `${bound.name} ${bound.securityDefiner ? 'is SECURITY DEFINER' : 'has a SET clause'}`;
  return inTransaction ? 'it is called inside a transaction' : null;
}
