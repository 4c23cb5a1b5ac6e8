/** What a failure looks like to the caller when the call moves from a driver to Drizzle. */
import type { ClientUse } from '../2-find/result-use.js';
import type { Hazard } from '../4-classify/verdict.js';

/** Drizzle wraps what the driver throws (DrizzleQueryError, whose cause is the driver's error). */
export function errorShape({ kind }: ClientUse): readonly Hazard[] {
  if (kind === 'supabase') return [requestRole, requestNumbers];
  if (kind !== 'pg-pool' && kind !== 'postgres-js') return [];
  return [
    {
      rule: 'error-shape',
      message:
        'A failure had its SQLSTATE in error.code; through Drizzle it is in error.cause.code, and error.message names the query: look at what catches it.',
    },
  ];
}

const requestRole: Hazard = {
  rule: 'request-role',
  message:
    'The request ran as the role of its token, with the policies of the tables for that role; the query runs as the login of the Drizzle client: check in code what the policies checked.',
};

const requestNumbers: Hazard = {
  rule: 'request-json',
  message:
    'NaN, Infinity and an invalid Date arrived as NULL through JSON; now they arrive as they are, or are refused.',
};
