/**
 * What an error leaves behind of one statement, which TypeScript would not leave: variables and result rows are not
 * taken back with the savepoint, and PL/pgSQL gives them out while the statement still runs.
 */
import type { Block, Step } from '../../3-parse/body.js';
import type { Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import { outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import { variableOf, type StepsContext } from './context.js';
import { assignedIn } from './loop-assigned.js';
import { mayFail } from './may-fail.js';
import { readsIn } from './variable-uses.js';

/** Refuses by name what would not be equal. */
export function refusePartialEffects(step: Block, context: StepsContext): void {
  // Nobody sees what is left where every handler raises.
  if (step.handlers.every(({ statements }) => raises(statements.at(-1)))) return;
  const { catalog } = context.input;
  walk(step.statements, null, ({ node }) => {
    const inner = node as unknown as Step;
    switch (inner.kind) {
      case 'return-query':
        if (mayFail(inner.statement, catalog))
          unsupported('RETURN QUERY that can fail in a block with EXCEPTION');
        return;
      case 'for-query':
        if (mayFail(inner.statement, catalog) && leavesSomething(inner, step, context))
          unsupported('FOR over a query that can fail in a block with EXCEPTION');
        return;
      case 'execute-sql':
        if (inner.into !== null) refuseSplitInto(inner.into.targets, inner.statement, step, context);
        return;
      default:
    }
  });
}

function raises(last: Step | undefined): boolean {
  return last?.kind === 'raise' && last.level === 'exception';
}

function leavesSomething(
  loop: Extract<Step, { kind: 'for-query' }>,
  block: Block,
  context: StepsContext,
): boolean {
  let rows = false;
  walk(loop.body, null, ({ node }) => {
    if (/^return-(next|query)$/.test(node.kind)) rows = true;
  });
  return rows || [...assignedIn(loop)].some((id) => isReadOutside(id, block, context));
}

/** Targets of INTO are assigned one by one; an assignment cast may fail at the second. */
function refuseSplitInto(
  targets: readonly { readonly kind: string }[],
  statement: Statement,
  block: Block,
  context: StepsContext,
): void {
  if (targets.length < 2 || statement.kind === 'unsupported-statement') return;
  const given = outputTargets(statement).map(({ expression }) => expression.type);
  const casts = targets.map((target, index) => {
    if (target.kind !== 'variable' || !('variable' in target)) return true;
    const { type, typmod, notNull } = variableOf(context, Number(target.variable));
    return notNull || typmod !== -1 || given[index] !== type;
  });
  const first = casts.lastIndexOf(true);
  if (first < 1) return;
  const before = targets.slice(0, first);
  const seen = before.some(
    (target) => 'variable' in target && isReadOutside(Number(target.variable), block, context),
  );
  if (seen) unsupported('INTO with a cast that can fail in a block with EXCEPTION');
}

function isReadOutside(id: number, block: Block, context: StepsContext): boolean {
  if (variableOf(context, id).origin === 'out') return true;
  return readsIn(context.steps, id).length > readsIn(block.statements, id).length;
}
