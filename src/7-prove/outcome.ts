/** What one run of one side left behind: the caller's value or error, and the rows of every table. */
import { represent, type Shown } from './represent.js';

export interface Outcome {
  readonly kind: 'value' | 'error';
  readonly shown: Shown;
  /** The error is a bound value that its type refuses, before anything ran. */
  readonly ofArgument?: boolean;
  readonly tables: readonly TableRows[];
}

export interface TableRows {
  /** Quoted and qualified. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Each column as text, sorted. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Fields of a PostgreSQL error that callers read (message, SQLSTATE and those that say where). */
const errorFields = [
  'code',
  'severity',
  'detail',
  'hint',
  'schema',
  'table',
  'column',
  'constraint',
  'dataType',
] as const;

/**
 * An error as its readers see it: class, fields, and the same of its cause. The message of a Drizzle
 * query error holds the SQL text, which differs by nature, so only its class is kept.
 */
export function representError(error: unknown, depth = 0): Shown {
  if (!(error instanceof Error) && !isErrorLike(error)) return { $: 'thrown', value: represent(error) };
  const drizzle = classChain(error).includes('DrizzleQueryError');
  const keys: (readonly [string, Shown])[] = [];
  if (!drizzle) keys.push(['message', onAnyServer(error.message)]);
  const record = error as unknown as Readonly<Record<string, unknown>>;
  for (const field of errorFields) {
    if (record[field] !== undefined && record[field] !== null) keys.push([field, represent(record[field])]);
  }
  if (record['cause'] !== undefined && depth < 4)
    keys.push(['cause', representError(record['cause'], depth + 1)]);
  return { class: drizzle ? 'DrizzleQueryError' : (classChain(error)[0] ?? 'Error'), keys };
}

/**
 * Did the server refuse a bound value as a text of its type? It tells in the error's context (PostgreSQL's
 * `exec_bind_message`): `unnamed portal parameter $2 = '…'`.
 */
export function refusesArgument(error: unknown): boolean {
  return hasContext(error, /\bportal .*\bparameter \$\d+/);
}

function hasContext(error: unknown, pattern: RegExp, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false;
  const { where, cause } = error as { readonly where?: unknown; readonly cause?: unknown };
  return (typeof where === 'string' && pattern.test(where)) || hasContext(cause, pattern, depth + 1);
}

/** How large an array may be follows from the size of a pointer, which is 32 bits on the embedded server alone. */
function onAnyServer(message: string): string {
  return message.replace(/^(array size exceeds the maximum allowed) \(\d+\)$/, '$1');
}

/** Errors of other realms and loaders are no instance of this module's Error. */
function isErrorLike(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'stack' in error;
}

function classChain(error: object): string[] {
  const names: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(error);
  while (typeof prototype === 'object' && prototype !== null) {
    names.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return names;
}
