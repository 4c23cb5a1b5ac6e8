/** `set_config`: what is evaluated behind it may give another value than before it. */
import { isOfMoreThanValues } from '../../3-parse/utility-as-query.js';
import { walk } from '../../4-classify/walk-body.js';
import { unsupported } from '../untranslatable.js';
import type { Flow } from './flow.js';

/** Does the statement set something? Refuses what has an effect on more than values. */
export function setsSomething(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind !== 'call' || node['name'] !== 'set_config') return;
    found = true;
    const [name] = node['arguments'] as readonly {
      readonly value: { readonly kind: string; readonly text?: string };
    }[];
    if (name?.value.kind !== 'literal') unsupported('a setting whose name is computed');
    if (isOfMoreThanValues(name.value.text ?? '')) unsupported(`the setting ${name.value.text ?? ''}`);
  });
  return found;
}

/** No text that was defined before it is evaluated behind it, and no column of a row that was read before it. */
export function forgetBefore(flow: Flow): void {
  for (const [id, binding] of flow.bindings)
    if (binding.kind === 'fragment') flow.bindings.set(id, { kind: 'unknown' });
  flow.steady = { rows: new Set(), at: -1 };
}
