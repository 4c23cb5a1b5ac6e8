/**
 * FOUND after a statement. Where a body reads it behind branches that leave it differently, it is a variable of the
 * function; else it is told by the row or the count of its one statement.
 */
import type { Line } from '../code.js';
import type { StepsContext } from './context.js';
import { keptFound, type Flow, type Found } from './flow.js';
import { foundValue } from './read-variable.js';

export function setFound(found: Found, context: StepsContext, flow: Flow, out: Line[]): void {
  flow.found = found;
  const value = context.foundName === null ? null : foundValue(context, flow);
  if (context.foundName === null || value === null) return;
  out.push({ kind: 'set', target: context.foundName, value: value.code });
  flow.found = keptFound;
}
