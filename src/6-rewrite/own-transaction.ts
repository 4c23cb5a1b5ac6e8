/** The transaction that a site opens for the steps of its routine. */
import type { SiteRefusal } from '../2-find/call-site.js';
import type { ClientUse } from '../2-find/result-use.js';
import type { Code } from '../5-translate/code.js';
import type { ModuleDraft } from '../5-translate/draft.js';
import type { PlaceContext, SourceView } from './place-context.js';
import { clientFile } from './site-names.js';

/**
 * `executeTransaction((tx) => …)`, or `db.transaction((tx) => …)`. What reads one snapshot takes the client's own
 * `transaction`, since a helper of the project hands no isolation level on.
 */
export function inTransaction({ snapshot }: ModuleDraft, callback: Code): Code {
  if (snapshot !== true) return { kind: 'call', callee: { kind: 'transaction' }, arguments: [callback] };
  const callee: Code = { kind: 'member', object: { kind: 'executor' }, property: 'transaction' };
  return { kind: 'call', callee, arguments: [callback, readOnlySnapshot] };
}

/**
 * A transaction that is open has its isolation level already, and Drizzle drops the one that a nested call asks for;
 * so a handle that may be one is refused.
 */
export function refusalOfSnapshot(
  { snapshot }: ModuleDraft,
  client: ClientUse,
  view: SourceView,
  context: PlaceContext,
): SiteRefusal | null {
  if (snapshot !== true) return null;
  if (client.inTransaction) return { reason: 'snapshot', detail: 'the call stands inside a transaction' };
  if (client.isClient === true || clientFile(client, view, context) !== null) return null;
  const detail = `${client.executor ?? 'the client'} is handed in with a type that a transaction has too`;
  return { reason: 'snapshot', detail };
}

const readOnlySnapshot: Code = {
  kind: 'object',
  entries: [
    {
      kind: 'property',
      key: 'isolationLevel',
      value: { kind: 'string', value: 'repeatable read' },
    },
    { kind: 'property', key: 'accessMode', value: { kind: 'string', value: 'read only' } },
  ],
};
