/**
 * Answers a request to `/rpc/<name>` as PostgREST does, by its documentation: the transaction and its settings,
 * the function that is meant, its result, the status and the headers. Tables, embedding, full-text operators and
 * plans are absent.
 */
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { callStatement, type Called } from './call-statement.js';
import { chooseRoutine, type ChosenRoutine } from './choose-routine.js';
import { answerOfError, refusal, type FailedAnswer } from './failure.js';
import { readRequest, type Asked } from './read-request.js';
import { readClaims, type Claims, type Roles } from './read-claims.js';
import { rangeOf, type Range } from './selection.js';

export type Session = Pick<NodePgDatabase, 'execute'>;

export interface Endpoint {
  /** Runs the work in a transaction, which an error that it throws rolls back. */
  readonly transaction: <T>(work: (db: Session) => Promise<T>) => Promise<T>;
  /** `db-schemas`: the first one is meant where the request names none. Empty: any. */
  readonly schemas: readonly string[];
  /** `db-max-rows`. */
  readonly maxRows: number | null;
  /** Null: no token is read, and the role of the connection stays. */
  readonly roles: Roles | null;
  /** False: access mode and settings are those of the transaction that is open already. */
  readonly settles: boolean;
}

export async function answerRequest(endpoint: Endpoint, request: Request): Promise<Response> {
  let known = false;
  try {
    const { schemas, roles } = endpoint;
    const claims = roles === null ? null : readClaims(request.headers.get('authorization'), roles);
    known = claims !== null && claims.role !== roles?.anonymous;
    const asked = await readRequest(request, schemas);
    return await endpoint.transaction((db) => answer(db, { asked, claims, ...endpoint }));
  } catch (error) {
    return failed(answerOfError(error, known));
  }
}

interface Given {
  readonly asked: Asked;
  readonly claims: Claims | null;
  readonly maxRows: number | null;
  readonly settles: boolean;
}

async function answer(db: Session, { asked, claims, maxRows, settles }: Given): Promise<Response> {
  const routine = await chooseRoutine(db, asked);
  const { prefer } = asked;
  if (prefer.maxAffected !== null && !routine.set) {
    const message =
      'Function must return SETOF or TABLE when max-affected preference is used with handling=strict';
    throw refusal('PGRST128', message);
  }
  const readOnly = asked.method !== 'POST' || !routine.volatile;
  if (settles) await settle(db, { asked, claims, readOnly });
  const range = routine.set
    ? rangeOf(new Map(asked.query), asked.headers.range, maxRows)
    : { limit: null, offset: 0 };
  const { rows } = await db.execute<Called>(callStatement(asked, routine, range));
  const [called] = rows;
  if (called === undefined) throw new Error('An aggregate gives one row');
  const page = Number(called.page);
  if (asked.accept.as === 'object' && page !== 1) {
    const details = `The result contains ${page} rows`;
    throw refusal('PGRST116', 'Cannot coerce the result to a single JSON object', { details });
  }
  if (prefer.maxAffected !== null && page > prefer.maxAffected) {
    const details = `The query affects ${page} rows`;
    throw refusal('PGRST124', 'Query result exceeds max-affected preference constraint', { details });
  }
  return succeeded(asked, routine, { called, page, range, set: await readResponseSettings(db) });
}

/** Sections "Access Mode" and "Transaction-Scoped Settings". */
async function settle(
  db: Session,
  { asked, claims, readOnly }: Pick<Given, 'asked' | 'claims'> & { readonly readOnly: boolean },
): Promise<void> {
  if (readOnly) await db.execute(sql`set transaction read only`);
  const settings: Record<string, string> = {
    'request.method': asked.method,
    'request.path': asked.path,
    'request.headers': JSON.stringify(asked.headers),
    'request.cookies': JSON.stringify(cookiesOf(asked.headers.cookie)),
    search_path: [asked.schema, 'public', 'extensions'].map((name) => JSON.stringify(name)).join(', '),
    ...(asked.prefer.timezone === null ? {} : { timezone: asked.prefer.timezone }),
    // Last, since the role may lack the right to what comes before.
    ...(claims === null ? {} : { 'request.jwt.claims': JSON.stringify(claims), role: claims.role }),
  };
  const calls = Object.entries(settings).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  await db.execute(sql`select ${sql.join(calls, sql`, `)}`);
}

function cookiesOf(header = ''): Record<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name = '', value = '']) => [name, value]));
}

interface ResponseSettings {
  readonly headers: readonly (readonly [string, string])[];
  readonly status: number | null;
}

/** Sections "Response Headers" and "Response Status Code". */
async function readResponseSettings(db: Session): Promise<ResponseSettings> {
  const { rows } = await db.execute<{ headers: string | null; status: string | null }>(sql`
    select nullif(current_setting('response.headers', true), '') as headers,
      nullif(current_setting('response.status', true), '') as status`);
  const [{ headers = null, status = null } = {}] = rows;
  if (status !== null && !/^\d+$/.test(status)) {
    throw refusal('PGRST112', 'response.status guc must be a valid status code');
  }
  return {
    headers:
      headers === null
        ? []
        : (JSON.parse(headers) as Record<string, string>[]).flatMap(Object.entries<string>),
    status: status === null ? null : Number(status),
  };
}

interface Result {
  readonly called: Called;
  readonly page: number;
  readonly range: Range;
  readonly set: ResponseSettings;
}

function succeeded(asked: Asked, routine: ChosenRoutine, { called, page, range, set }: Result): Response {
  const total = called.total === null ? null : Number(called.total);
  if (total !== null && range.offset > total) {
    const details = `An offset of ${range.offset} was requested, but there are only ${total} rows.`;
    throw refusal('PGRST103', 'Requested range not satisfiable', { details });
  }
  const partial = total !== null && page < total;
  const nothing = routine.result === 'void';
  const status = set.status ?? (nothing ? 204 : partial ? 206 : 200);
  const span = page === 0 ? '*' : `${range.offset}-${range.offset + page - 1}`;
  const type = { array: 'application/json', object: 'application/vnd.pgrst.object+json', csv: 'text/csv' };
  const headers = new Headers({
    'Content-Range': `${span}/${total ?? '*'}`,
    ...(nothing ? {} : { 'Content-Type': `${type[asked.accept.as]}; charset=utf-8` }),
    ...(asked.prefer.applied.length === 0 ? {} : { 'Preference-Applied': asked.prefer.applied.join(', ') }),
  });
  for (const [name, value] of set.headers) headers.append(name, value);
  const body = nothing || asked.method === 'HEAD' ? null : called.body;
  return new Response(body, { status, headers });
}

function failed({ status, statusText, headers, failure }: FailedAnswer): Response {
  return new Response(JSON.stringify(failure), {
    status,
    ...(statusText === undefined ? {} : { statusText }),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      // Section "Proxy-Status Header".
      'Proxy-Status': `PostgREST; error=${failure.code}`,
      ...headers,
    },
  });
}
