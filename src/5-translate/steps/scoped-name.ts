/** Names inside a block with EXCEPTION: the same wherever such blocks do not stand inside each other. */
import type { StepsContext } from './context.js';

export function scopedName(wanted: string, context: StepsContext): string {
  const key = `${wanted} ${context.handling.length + context.guarded}`;
  const name = context.scopedNames.get(key) ?? context.names.unique(wanted);
  context.scopedNames.set(key, name);
  return name;
}
