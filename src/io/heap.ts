/** How much of its memory this process has used up. */
import { getHeapStatistics } from 'node:v8';

/**
 * Whether so much is in use that what can be made again should be given up. What is garbage counts too, but the
 * engine has collected it before it lets the heap grow so near to its limit.
 */
export function isHeapNearlyFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > 0.85 * limit;
}
