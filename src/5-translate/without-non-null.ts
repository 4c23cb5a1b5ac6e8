/** The same code without `!`, for projects whose compiler does not count an index that may find nothing. */
import type { ModuleDraft } from './draft.js';

export function withoutNonNull(draft: ModuleDraft): ModuleDraft {
  const { callees } = draft;
  return {
    ...draft,
    body: stripped(draft.body) as ModuleDraft['body'],
    ...(callees === undefined ? {} : { callees: callees.map(withoutNonNull) }),
  };
}

/** Code and lines are plain data, so that their kinds need not be told apart here. */
function stripped(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(stripped);
  if (typeof node !== 'object' || node === null) return node;
  if ('kind' in node && node.kind === 'non-null' && 'value' in node) return stripped(node.value);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, stripped(value)]));
}
