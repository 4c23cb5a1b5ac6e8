/**
 * What a routine that is not volatile may count on: every statement of it sees the snapshot of the query that called
 * it (PostgreSQL manual, "Function Volatility Categories"). Several statements see one snapshot in a transaction that
 * is `repeatable read`; it is `read only` besides, since PostgreSQL lets such a routine write nothing.
 */
import type { Step } from '../../3-parse/body.js';
import { walk } from '../../4-classify/walk-body.js';
import type { StepsInput } from '../module-head.js';
import { Untranslatable } from '../untranslatable.js';
import type { StepsContext } from './context.js';

/** Has the translation several reads that must see one snapshot? Refuses where that transaction would not allow a call. */
export function needsSnapshot(steps: readonly Step[], { input, reads, recursive }: StepsContext): boolean {
  const { routine } = input;
  if (routine.volatility === 'volatile' || reads < (recursive ? 1 : 2)) return false;
  const acting = actingCall(steps, input);
  if (acting === null) return true;
  const marked = routine.volatility.toUpperCase();
  throw new Untranslatable('snapshot', `${reads} reads of a ${marked} function that calls ${acting}`);
}

/**
 * The same input without the called functions that need a snapshot: a volatile routine runs where others commit
 * between its statements, so that such a call stays one of the database.
 */
export function withoutSnapshots(input: StepsInput): StepsInput {
  const { callees, routine } = input;
  if (callees === undefined || routine.volatility !== 'volatile') return input;
  const module = (oid: number): ReturnType<typeof callees.module> => {
    const draft = callees.module(oid);
    return draft?.snapshot === true ? null : draft;
  };
  return { ...input, callees: { ...callees, module } };
}

/** Volatile functions of PostgreSQL that a read-only transaction allows and that read no table. */
const harmless = new Set([
  'clock_timestamp',
  'gen_random_uuid',
  'random',
  'statement_timestamp',
  'timeofday',
  'uuid_generate_v4',
]);

function actingCall(steps: readonly Step[], { callees }: StepsInput): string | null {
  let found: string | null = null;
  walk(steps, null, ({ node }) => {
    if (node.kind !== 'call' || found !== null) return;
    const name = String(node['name']);
    const routine = node['routine'];
    const isVolatile = node['volatile'] === true;
    const acts =
      typeof routine === 'number'
        ? (callees?.acts(routine) ?? isVolatile)
        : isVolatile && !harmless.has(name);
    if (acts) found = name;
  });
  return found;
}
