/** An HTTP request to `/rpc/<name>` taken apart: what is called, with what, and how the result is wanted. */
import { refusal } from './failure.js';

export interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly schema: string;
  readonly name: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly body: Payload;
  readonly accept: Accept;
  readonly prefer: Prefer;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** json: the arguments by name · raw: the whole body for one unnamed parameter · query: `a=1&b=2`. */
export type Payload =
  | { readonly kind: 'json'; readonly text: string; readonly keys: readonly string[] }
  | { readonly kind: 'raw'; readonly type: 'text' | 'xml' | 'bytea'; readonly content: Buffer }
  | { readonly kind: 'query'; readonly pairs: readonly (readonly [string, string])[] };

export interface Accept {
  readonly as: 'array' | 'object' | 'csv';
  readonly withoutNulls: boolean;
}

export interface Prefer {
  readonly count: boolean;
  readonly timezone: string | null;
  readonly maxAffected: number | null;
  readonly applied: readonly string[];
}

/** Throws a `Refusal` for what PostgREST refuses before it asks the database. */
export async function readRequest(request: Request, schemas: readonly string[]): Promise<Asked> {
  const url = new URL(request.url);
  const name = /^\/(?:rest\/v1\/)?rpc\/([^/]+)$/.exec(url.pathname)?.[1];
  if (name === undefined) throw refusal('PGRST125', 'Invalid path specified in request URL');
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    throw refusal('PGRST101', `Cannot use the ${method} method on RPC`);
  }
  const headers = Object.fromEntries(request.headers);
  const prefer = readPrefer(headers.prefer ?? '');
  return {
    method,
    schema: schemaOf(headers[method === 'POST' ? 'content-profile' : 'accept-profile'], schemas),
    name: decodeURIComponent(name),
    path: url.pathname,
    query: [...url.searchParams],
    body: method === 'POST' ? await readBody(request) : { kind: 'query', pairs: [...url.searchParams] },
    accept: readAccept(headers.accept ?? '*/*'),
    prefer,
    headers,
  };
}

/** Section "Schemas": the first one when no header names another. */
function schemaOf(named: string | undefined, schemas: readonly string[]): string {
  const [first = 'public'] = schemas;
  if (named === undefined || schemas.length === 0 || schemas.includes(named)) return named ?? first;
  const hint = `Only the following schemas are exposed: ${schemas.join(', ')}`;
  throw refusal('PGRST106', `Invalid schema: ${named}`, { hint });
}

/** Section "Request Body". */
async function readBody(request: Request): Promise<Payload> {
  const content = Buffer.from(await request.arrayBuffer());
  const [type = ''] = (request.headers.get('content-type') ?? 'application/json').split(';');
  const raw = rawTypes[type.trim()];
  if (raw !== undefined) return { kind: 'raw', type: raw, content };
  const text = content.toString();
  if (type.trim() === 'application/x-www-form-urlencoded') {
    return { kind: 'query', pairs: [...new URLSearchParams(text)] };
  }
  const given = text === '' ? '{}' : text;
  return { kind: 'json', text: given, keys: keysOf(given) };
}

const rawTypes: Readonly<Record<string, 'text' | 'xml' | 'bytea'>> = {
  'text/plain': 'text',
  'text/xml': 'xml',
  'application/octet-stream': 'bytea',
};

function keysOf(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'object' && first !== null ? Object.keys(first) : [];
  } catch {
    throw refusal('PGRST102', 'Empty or invalid json');
  }
}

/** Sections "Response Format", "Singular or Plural", "Stripped Nulls". */
function readAccept(header: string): Accept {
  for (const wanted of header.split(',')) {
    const [type = '', ...parameters] = wanted.split(';').map((part) => part.trim());
    const withoutNulls = parameters.includes('nulls=stripped');
    if (['*/*', 'application/*', 'application/json'].includes(type))
      return { as: 'array', withoutNulls: false };
    if (/^application\/vnd\.pgrst\.array(\+json)?$/.test(type)) return { as: 'array', withoutNulls };
    if (/^application\/vnd\.pgrst\.object(\+json)?$/.test(type)) return { as: 'object', withoutNulls };
    if (type === 'text/csv') return { as: 'csv', withoutNulls: false };
  }
  throw refusal('PGRST107', `None of these media types are available: ${header}`);
}

/** Sections of "Prefer Header". A count that is planned or estimated is counted too: it is exact for few rows. */
function readPrefer(header: string): Prefer {
  const wanted = header
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const known = wanted.filter((part) => preferences.test(part));
  const others = wanted.filter((part) => !known.includes(part));
  const strict = wanted.includes('handling=strict');
  if (strict && others.length > 0) {
    const details = `Invalid preferences: ${others.join(', ')}`;
    throw refusal('PGRST122', 'Invalid preferences given with handling=strict', { details });
  }
  const valueOf = (key: string): string | null =>
    wanted.find((part) => part.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
  const most = valueOf('max-affected');
  return {
    count: valueOf('count') !== null,
    timezone: valueOf('timezone'),
    maxAffected: strict && most !== null ? Number(most) : null,
    applied: known.filter((part) => !part.startsWith('max-affected=') || strict),
  };
}

const preferences =
  /^(handling=(strict|lenient)|count=(exact|planned|estimated)|timezone=.+|max-affected=\d+|return=\w+|params=.+)$/;
