/** The generated functions that one calls. */
import type { ModuleDraft } from './draft.js';

/** To any depth, each once and never `draft` itself, callers before what they call: the first that is met counts. */
export function calledDrafts(draft: ModuleDraft): readonly ModuleDraft[] {
  const found = new Map([[draft.documentation, draft]]);
  const visit = ({ callees = [] }: ModuleDraft): void => {
    for (const callee of callees) {
      if (found.has(callee.documentation)) continue;
      found.set(callee.documentation, callee);
      visit(callee);
    }
  };
  visit(draft);
  return [...found.values()].slice(1);
}
