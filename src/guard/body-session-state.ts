/** Session state that a routine of the database sets on a pooled connection. */
import { bodyRule } from './bodies/body-rule.js';
import { isTransaction } from './facts/clients.js';

export const bodySessionState = bodyRule({
  id: 'body-session-state',
  title: 'A routine sets session state on a pooled connection',
  help: 'In the body use set_config(…, true), SET LOCAL, pg_advisory_xact_lock, ON COMMIT DROP or RETURNING, or give the routine a SET clause.',
  judge: ({ site, reached }) => {
    // A Client of its own is not shared.
    if (site.client === null || site.client === 'pg-client') return [];
    const { client } = site;
    return reached
      .slice(1)
      .flatMap((one) =>
        one.reading.states
          .filter(({ what }) => !(isTransaction(client) && /^(?:curr|last)val$/.test(what)))
          .map(({ what, effect, line }) => ({ reached: one, line, what: `${what} ${effect}` })),
      );
  },
});
