/**
 * A client with the requests of supabase-js that answers them as PostgREST does, through the SQL that PostgREST
 * sends for a function (its documentation, "Functions as RPC"): arguments by name out of typed JSON, the result
 * as JSON. It runs on the Drizzle client of a proof, in the transaction of that proof.
 */
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { findFunction, type Described } from './find-function.js';

export interface Failure {
  readonly code: string;
  readonly details: string | null;
  readonly hint: string | null;
  readonly message: string;
}

/** Whatever is asked for by the methods of a request before it is awaited. */
interface Asked {
  readonly rows: 'all' | 'single' | 'maybe-single';
  readonly throws: boolean;
}

export function requestClient(db: NodePgDatabase): { rpc: Rpc; schema: (name: string) => { rpc: Rpc } } {
  const rpcOf =
    (schema: string): Rpc =>
    (name, args = {}) =>
      request(() => answer(db, { schema, name, args }), { rows: 'all', throws: false });
  return { rpc: rpcOf('public'), schema: (name) => ({ rpc: rpcOf(name) }) };
}

type Rpc = (name: string, args?: object, options?: object) => Request;

interface Request extends PromiseLike<object> {
  single(): Request;
  maybeSingle(): Request;
  throwOnError(): Request;
  returns(): Request;
  overrideTypes(): Request;
}

/** Thrown by `throwOnError`, with the fields of the answer's error. */
class RequestError extends Error {
  override name = 'PostgrestError';
}

function request(send: () => Promise<unknown>, asked: Asked): Request {
  const run = async (): Promise<object> => {
    try {
      const data = counted(await send(), asked);
      return { error: null, data, count: null, status: 200, statusText: 'OK' };
    } catch (thrown) {
      const error = failureOf(thrown);
      if (asked.throws) throw Object.assign(new RequestError(error.message), error);
      return { error, data: null, count: null, status: 400, statusText: 'Bad Request' };
    }
  };
  const again: Request = {
    single: () => request(send, { ...asked, rows: 'single' }),
    maybeSingle: () => request(send, { ...asked, rows: 'maybe-single' }),
    throwOnError: () => request(send, { ...asked, throws: true }),
    returns: () => again,
    overrideTypes: () => again,
    then: (resolve, reject) => run().then(resolve, reject),
  };
  return again;
}

function counted(data: unknown, { rows }: Asked): unknown {
  if (rows === 'all' || !Array.isArray(data)) return data;
  const few = rows === 'single' ? data.length === 1 : data.length < 2;
  if (few) return (data[0] as unknown) ?? null;
  throw Object.assign(new Error('Cannot coerce the result to a single JSON object'), {
    code: 'PGRST116',
    detail: `The result contains ${String(data.length)} rows`,
  });
}

interface Called {
  readonly schema: string;
  readonly name: string;
  readonly args: object;
}

async function answer(db: NodePgDatabase, called: Called): Promise<unknown> {
  const json = JSON.stringify(called.args);
  const given = Object.keys(JSON.parse(json) as object);
  const found = await findFunction(db, called.schema, called.name, given);
  const columns = given.map((name) => `${quoted(name)} ${found.types.get(name) ?? 'text'}`).join(', ');
  const values = given.map((name) => `${quoted(name)} := body.${quoted(name)}`).join(', ');
  const call = sql.raw(`${quoted(called.schema)}.${quoted(called.name)}(${values})`);
  const body =
    given.length === 0
      ? sql`(select) as body`
      : sql`json_to_record(${json}::json) as body(${sql.raw(columns)})`;
  if (found.result === 'void') {
    await db.execute(sql`select ${call} from ${body}`);
    return null;
  }
  const { rows } = await db.execute<{ body: string }>(asJson(found, call, body));
  return JSON.parse(rows[0]?.body ?? 'null') as unknown;
}

function asJson(
  { result, set }: Described,
  call: ReturnType<typeof sql.raw>,
  body: typeof call,
): typeof call {
  const rows = sql`(select given.* from ${body}, lateral ${call} as given) as answer`;
  if (result === 'row' && set) return sql`select coalesce(json_agg(answer), '[]')::text as body from ${rows}`;
  if (result === 'row') return sql`select to_json(answer)::text as body from ${rows}`;
  if (set) {
    return sql`select coalesce(json_agg(given), '[]')::text as body from ${body}, lateral ${call} as given`;
  }
  return sql`select to_json(${call})::text as body from ${body}`;
}

function failureOf(thrown: unknown): Failure {
  const raised = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const { code, detail, hint, message } = raised as Error & { code: string; detail?: string; hint?: string };
  return { code, details: detail ?? null, hint: hint ?? null, message };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What is thrown of a failed request, by the fields that its readers know; anything else as it is. */
export function fieldsOf(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown && 'details' in thrown))
    return thrown;
  const { code, details, hint, message } = thrown as Failure;
  return { code, details, hint, message };
}
