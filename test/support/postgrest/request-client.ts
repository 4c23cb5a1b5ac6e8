/**
 * The client of supabase-js whose requests the stand-in of PostgREST answers on the Drizzle client of a proof, in
 * the transaction of that proof.
 */
import { createClient } from '@supabase/supabase-js';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { answerRequest, type Endpoint } from './answer-request.js';
import type { Failure } from './failure.js';

/** @param maxRows the setting of that name; null: none. */
export function requestClient(
  db: NodePgDatabase,
  maxRows: number | null = null,
): ReturnType<typeof createClient> {
  const endpoint: Endpoint = {
    transaction: (work) => db.transaction(work),
    schemas: [],
    maxRows,
    roles: null,
    settles: false,
  };
  // A proof has one connection: requests that are sent together wait for each other.
  let last: Promise<unknown> = Promise.resolve();
  const fetch = (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const answered = last.then(() => answerRequest(endpoint, new Request(input, init)));
    last = answered.catch(() => undefined);
    return answered;
  };
  return createClient('http://127.0.0.1', 'anonymous', {
    global: { fetch },
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

/** What is thrown of a failed request, by the fields that its readers know; anything else as it is. */
export function fieldsOf(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown && 'details' in thrown))
    return thrown;
  const { code, details, hint, message } = thrown as Failure;
  return { code, details, hint, message };
}
