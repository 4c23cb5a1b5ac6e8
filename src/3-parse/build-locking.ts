/** FOR UPDATE and its kin. */
import type { Node } from '../sql/parse-body.js';
import type { Scope } from './scope.js';
import type { Locking } from './statement.js';

const STRENGTHS = {
  LCS_FORUPDATE: 'update',
  LCS_FORNOKEYUPDATE: 'no key update',
  LCS_FORSHARE: 'share',
  LCS_FORKEYSHARE: 'key share',
} as const;

export function buildLocking(scope: Scope, nodes: readonly Node[]): readonly Locking[] {
  return nodes.flatMap((node) => {
    if (!('LockingClause' in node)) return [];
    const { lockedRels, strength, waitPolicy } = node.LockingClause;
    const of = (lockedRels ?? []).flatMap((each) => {
      const alias = 'RangeVar' in each ? each.RangeVar.relname : undefined;
      return scope.ranges.filter((range) => range.alias === alias).map((range) => range.id);
    });
    const wait =
      waitPolicy === 'LockWaitSkip' ? 'skip locked' : waitPolicy === 'LockWaitError' ? 'nowait' : 'block';
    return [{ strength: STRENGTHS[strength as keyof typeof STRENGTHS] ?? 'update', of, wait }];
  });
}
