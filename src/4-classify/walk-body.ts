/** Visits every node of a body, outermost first. */
import type { Body } from '../3-parse/body.js';

/** A node of any stage-3 type that has a `kind`, with the line of the step or statement round it. */
export interface Visited {
  readonly node: { readonly kind: string } & Readonly<Record<string, unknown>>;
  readonly line: number | null;
}

export function walkBody(body: Body, visit: (visited: Visited) => void): void {
  walk(body, null, visit);
}

/** The same from any node inside a body. */
export function walk(value: unknown, line: number | null, visit: (visited: Visited) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, line, visit);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const own = 'line' in value && typeof value.line === 'number' && value.line > 0 ? value.line : line;
  if ('kind' in value && typeof value.kind === 'string') visit({ node: value as Visited['node'], line: own });
  for (const inner of Object.values(value)) walk(inner, own, visit);
}
