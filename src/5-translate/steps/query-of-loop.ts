/**
 * Where reading all rows before the first turn is not what FOR does. PL/pgSQL reads through a portal of one snapshot,
 * 10 rows ahead and then 50 (exec_for_query in pl_exec.c): of a plain query the rows are the same, but a volatile
 * function in it runs between the turns, and rows are locked as they are reached.
 */
import type { Step } from '../../3-parse/body.js';
import type { Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';
import { refuseChangedRows } from './locked-loop.js';
import { mayFail } from './may-fail.js';
import { isWrite } from './send.js';
import { innerLists } from './variable-uses.js';

export type QueryStep = Extract<Step, { kind: 'for-query' }>;

/** Refuses by name what would not be equal. */
export function refuseLazyRows(step: QueryStep, context: StepsContext): void {
  const { statement, body } = step;
  // INSERT, UPDATE and DELETE run to their end before the first turn.
  if (isWrite(statement)) return;
  const early = leavesEarly(body, step.label);
  if (callsVolatile(statement)) {
    if (early) unsupported('EXIT from FOR over a query with a volatile function');
    if (readsOrActs(body)) unsupported('FOR over a query with a volatile function');
  }
  if (early && mayFail(statement, context.input.catalog))
    unsupported('EXIT from FOR over a query that can fail');
  if (statement.kind !== 'select' || statement.locking.length === 0) return;
  if (early) unsupported('EXIT from FOR over locked rows');
  refuseChangedRows(step, statement, context);
}

/** Is some turn the last one although there are more rows? An error takes everything back. */
function leavesEarly(body: readonly Step[], label: string | null): boolean {
  const visit = (steps: readonly Step[], inner: readonly (string | null)[]): boolean =>
    steps.some((step) => {
      if (step.kind === 'return') return true;
      if (step.kind === 'exit') {
        const own = step.label === null ? inner.length === 0 : !inner.includes(step.label);
        return own && (step.exit || (step.label !== null && step.label !== label));
      }
      const loops = /^(for-query|for-range|foreach|while|loop)$/.test(step.kind);
      const labels = loops && 'label' in step ? [...inner, step.label] : inner;
      return innerLists(step).some((list) => visit(list, labels));
    });
  return visit(body, []);
}

/** A random uuid is the same whenever it is made. */
const independent = new Set(['gen_random_uuid', 'uuid_generate_v4', 'uuidv4']);

function callsVolatile(statement: Statement): boolean {
  const only = statement.kind === 'select' && statement.from.length === 1 ? statement.from[0] : undefined;
  // A function that is all of FROM runs to its end before the first row is read.
  const scanned = only?.kind === 'function' ? only.call : null;
  let found = false;
  walk(statement, null, ({ node }) => {
    if (node.kind.startsWith('unsupported')) found = true;
    if (node.kind === 'call' && node['volatile'] === true && (node as unknown) !== scanned)
      if (!independent.has(String(node['name']))) found = true;
  });
  return found;
}

function readsOrActs(body: readonly Step[]): boolean {
  let found = false;
  walk(body, null, ({ node }) => {
    if (/^(table|insert|update|delete|unsupported.*)$/.test(node.kind)) found = true;
    if (node.kind === 'call' && (node['volatile'] === true || typeof node['routine'] === 'number'))
      found = true;
  });
  return found;
}
