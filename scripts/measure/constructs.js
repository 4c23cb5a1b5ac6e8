/** What a body of several steps is made of, told from its tree before anything is translated. */
import { walkBody } from '../../dist/4-classify/walk-body.js';

const loops = ['for-query', 'for-range', 'foreach', 'while', 'loop'];

/** @returns {'straight-line' | 'loops' | 'handlers' | 'loops and handlers'} Straight-line logic has neither. */
export function constructsOf(body) {
  let [hasLoops, hasHandlers] = [false, false];
  walkBody(body, ({ node }) => {
    if (loops.includes(node.kind)) hasLoops = true;
    if (node.kind === 'block' && node.handlers.length > 0) hasHandlers = true;
  });
  if (!hasLoops && !hasHandlers) return 'straight-line';
  return hasLoops && hasHandlers ? 'loops and handlers' : hasLoops ? 'loops' : 'handlers';
}
