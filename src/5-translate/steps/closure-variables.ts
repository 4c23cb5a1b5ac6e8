/**
 * Variables that a callback assigns. TypeScript narrows a variable to the value that it was declared with and does
 * not see what the callback does to it, so such a value is widened to the declared type.
 */
import type { Line } from '../code.js';

export function widened(lines: readonly Line[]): readonly Line[] {
  const inside = new Set<string>();
  collect(lines, false, inside);
  return widen(lines, inside) as readonly Line[];
}

function widen(value: unknown, inside: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => widen(item, inside));
  if (typeof value !== 'object' || value === null) return value;
  const line = value as Line;
  if (line.kind === 'let' && line.type !== null && line.value !== null && inside.has(line.name))
    return { ...line, type: null, value: { kind: 'as', value: line.value, type: line.type } };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, widen(inner, inside)]));
}

function collect(value: unknown, deferred: boolean, inside: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, deferred, inside);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Readonly<Record<string, unknown>>;
  if (node['kind'] === 'set' && deferred) inside.add(String(node['target']));
  for (const inner of Object.values(node)) collect(inner, deferred || node['kind'] === 'arrow', inside);
}
