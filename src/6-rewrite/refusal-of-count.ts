/** `.single()` of a write: PostgREST takes back what was written when the answer is not one row. */
import type { SiteRefusal } from '../2-find/call-site.js';
import type { RequestUse } from '../2-find/request-use.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';

/**
 * Refuses a write that has no transaction to count its rows in, unless it gives one row, or none and then writes
 * nothing. @param inTransaction the rows are counted before COMMIT
 */
export function refusalOfCount(
  draft: InlineDraft | ModuleDraft,
  { rows }: RequestUse,
  inTransaction: boolean,
): SiteRefusal | null {
  if (rows === null || inTransaction || !mayWriteOthers(draft)) return null;
  const method = rows === 'single' ? '.single()' : '.maybeSingle()';
  return {
    reason: 'rpc-not-yet',
    detail: `${method} of a write that may give another number of rows, which PostgREST takes back then`,
  };
}

function mayWriteOthers(draft: InlineDraft | ModuleDraft): boolean {
  if (draft.kind === 'module') return draft.locks === true && draft.shape === 'rows';
  const text = JSON.stringify([draft.prelude ?? [], draft.query]);
  const built = /"property":"(?:insert|update|delete)"/.test(text);
  const written = /\b(?:insert\s+into|update\s|delete\s+from|merge\s+into)/i.test(text);
  if (!built && !written) return false;
  const alone = built && !written && !/"property":"(?:\$?with|execute)"/.test(text);
  return draft.cardinality === 'many' || !alone;
}
