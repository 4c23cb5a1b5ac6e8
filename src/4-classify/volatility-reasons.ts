/**
 * What PostgreSQL refuses inside a routine that is not marked volatile: the call fails there with 0A000 (SPI and
 * SQL functions run read-only then), so a working query in its place would turn an error into a value.
 */
import type { Routine } from '../1-read/catalog.js';
import type { RoutineReason } from './verdict.js';
import type { Visited } from './walk-body.js';

/** Of one node. */
export function volatilityReasons({ node, line }: Visited, routine: Routine): readonly RoutineReason[] {
  if (routine.volatility === 'volatile') return [];
  const refused = refusedCommand(node);
  if (refused === null) return [];
  const marked = routine.volatility.toUpperCase();
  const detail = `${refused} in a function marked ${marked}\nPostgreSQL refuses it (0A000): the call fails today where the query would work.`;
  return [{ id: 'unsupported', detail, line }];
}

function refusedCommand(node: Visited['node']): string | null {
  if (/^(insert|update|delete)$/.test(node.kind)) return node.kind.toUpperCase();
  if (node.kind === 'unsupported-statement' && /^(TRUNCATE|CALL)$/.test(String(node['construct'])))
    return String(node['construct']);
  const locks = node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0;
  return locks ? 'SELECT with a lock' : null;
}
