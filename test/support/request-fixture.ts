/**
 * The two sides of a fixture whose input calls `.rpc()`: the input is given a client that answers as PostgREST,
 * the output the Drizzle client of the proof in place of the one that `client.ts` exports.
 */
import { fileURLToPath } from 'node:url';

/** Does the text call `.rpc()` of a client that it is given? */
export function isRequestFixture(input: string): boolean {
  return /import type \{[^}]*\bSupabaseClient\b/.test(input);
}

/** Runnable with the proof's `run(db, args)`, for either side. */
export function requestSide(text: string, maxRows: number | null = null): string {
  const site = text
    .replace(/^import \{[^}]*\} from '\.\/client\.js';$/m, '')
    .replace('export async function run(', 'async function site(');
  if (!site.includes('async function site(')) throw new Error('The fixture exports no async function run');
  return `${site}
import { fieldsOf, requestClient } from ${JSON.stringify(client)};
let db;
const executeTransaction = (work) => db.transaction(work);
export async function run(database, args) {
  db = database;
  try {
    return await site(requestClient(database, ${String(maxRows)}), args);
  } catch (error) {
    throw fieldsOf(error);
  }
}
`;
}

const client = fileURLToPath(new URL('./postgrest/request-client.ts', import.meta.url));
