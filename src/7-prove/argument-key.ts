/** The property of `args` from which a stand-alone module reads a value that the site's statement interpolates. */
import type { CallSite } from '../2-find/call-site.js';

/**
 * Holes of one name hold one value, as they do at the site; what is called twice may give two. Each argument of a
 * request has its own.
 */
export function argumentKey({ statement, rpc }: CallSite, index: number): string {
  const holes = rpc === undefined ? (statement?.holes ?? []) : [];
  const expression = holes.find((hole) => hole.index === index)?.expression ?? '';
  const named = /^[A-Za-z_$][\w$.]*$/.test(expression);
  const first = named ? holes.find((hole) => hole.expression === expression) : undefined;
  return `a${String(first?.index ?? index)}`;
}
