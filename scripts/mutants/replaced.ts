import type { ts } from 'ts-morph';
import type { Fault } from './plant-faults.js';

/** A node replaced by a text. */
export function replaced(operator: string, node: ts.Node, is: string): Fault {
  return { operator, start: node.getStart(), end: node.getEnd(), is };
}
