import type { Flow } from './flow.js';

/** Names of a block that began at `entry` are out of reach behind it. */
export function behind(flow: Flow, entry: Flow): void {
  for (const [id, binding] of flow.bindings)
    if (binding !== entry.bindings.get(id)) flow.bindings.set(id, { kind: 'unknown' });
  for (const name of [...flow.present]) if (!entry.present.has(name)) flow.present.delete(name);
  const stays = flow.found.kind === 'kept' || flow.found.kind === 'constant' || flow.found === entry.found;
  if (!stays) flow.found = { kind: 'unknown' };
  flow.rowCount = null;
  flow.steady = { rows: new Set(), at: -1 };
}
