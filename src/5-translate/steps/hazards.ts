/** What a person should know of the finished function. */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';
import { nullable } from '../nullability.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { withKnown } from './read-variable.js';

/** The rule of the hazard that a caller counts anew. */
export const locksHeld = 'locks-across-round-trips';

/** Notes a hazard once; several of one rule, as of two tables, stand beside each other. */
export function tell(context: StepsContext, rule: string, message: string): void {
  context.hazards.set(`${rule}\0${message}`, { rule, message });
}

/** A guard that raises does not stop a NULL: the comparison is not true. */
export function nullHazard(
  condition: Expression,
  then: readonly Step[],
  context: StepsContext,
  flow: Flow,
): void {
  const raises = then.some((step) => step.kind === 'raise' && step.level === 'exception');
  if (!raises || !nullable(withKnown(condition, context, flow), new Set())) return;
  tell(
    context,
    'null-passes-guard',
    'A NULL passes a test that raises an error, as it did in the function: the comparison is not true then.',
  );
}

/** A test that raises where an argument is NULL is not written where no call gives one. */
export function guardHazard(
  {
    condition,
    then,
    line,
  }: { readonly condition: Expression; readonly then: readonly Step[]; readonly line: number },
  context: StepsContext,
): void {
  if (!then.some((step) => step.kind === 'raise' && step.level === 'exception')) return;
  const names = new Set<string>();
  walk(condition, null, ({ node }) => {
    const operand = node.kind === 'null-test' ? (node['operand'] as Expression) : null;
    if (operand?.kind === 'parameter') names.add(operand.name ?? `$${operand.position}`);
  });
  if (names.size === 0) return;
  const message = `Line ${line} raises an error where ${[...names].join(' or ')} is NULL. By their types no call gives NULL, so that the test is not written: what has other values than its type, as from JavaScript, passes.`;
  tell(context, 'null-guard', message);
}

/** Rows that are locked or written stay locked until the end of the transaction. */
export function lockHazard(context: StepsContext, flow: Flow): void {
  const after = flow.locked === null ? 0 : Math.max(flow.statements, flow.peak) - flow.locked;
  if (after < 1) return;
  tell(
    context,
    locksHeld,
    `What it locks or writes stays locked over up to ${after + 1} more round trips of the client, COMMIT included; the function held it inside one.`,
  );
}
