/** The helpers of rewritten requests: the answer as supabase-js gave it, errors included. */
import type { SupportFunction } from './support-source.js';

export const requestSupport: Readonly<Record<string, SupportFunction>> = {
  Failure: {
    text: `/** What the database raised, in the fields that callers read. */
export interface Failure {
  code: string;
  details: string | null;
  hint: string | null;
  message: string;
}`,
    imports: {},
    needs: [],
  },
  Answer: {
    text: `/** Either the data or what the database raised. */
export type Answer<T> = { data: T; error: null } | { data: null; error: Failure };`,
    imports: {},
    needs: ['Failure'],
  },
  failureOf: {
    text: `/** What was raised, as a value. Mistakes of the program are no answers of the database and are thrown on. */
export function failureOf(thrown: unknown): Failure {
  const raised = thrown instanceof DrizzleQueryError ? (thrown.cause ?? thrown) : thrown;
  const mistake = raised instanceof TypeError || raised instanceof RangeError || raised instanceof ReferenceError;
  if (!(raised instanceof Error) || mistake) throw raised;
  const { code = '', detail = null, hint = null, message } = raised as Error & { code?: string; detail?: string; hint?: string };
  return { code, details: detail, hint, message };
}`,
    imports: { 'drizzle-orm': ['DrizzleQueryError'] },
    needs: ['Failure'],
  },
  attempt: {
    text: `/** Runs a query and answers with its data, or with what the database raised. */
export async function attempt<T>(query: () => PromiseLike<T>): Promise<Answer<T>> {
  try {
    return { data: await query(), error: null };
  } catch (error) {
    return { data: null, error: failureOf(error) };
  }
}`,
    imports: {},
    needs: ['Answer', 'failureOf'],
  },
  throwRoutineError: {
    text: `/** For the catch of a query: throws what the database raised with its code, details and hint. */
export function throwRoutineError(thrown: unknown): never {
  const { message, ...fields } = failureOf(thrown);
  throw Object.assign(new Error(message, { cause: thrown }), fields);
}`,
    imports: {},
    needs: ['failureOf'],
  },
  jsonNumber: {
    text: `/** A numeric or bigint as JSON gives it: a number, but NaN and Infinity as text, which no type of a request names. */
export function jsonNumber<T extends number | string | null>(value: T): number | Extract<T, null> {
  if (value === null) return value as Extract<T, null>;
  const number = Number(value);
  return Number.isFinite(number) ? number : (value as unknown as number);
}`,
    imports: {},
    needs: [],
  },
  jsonTime: {
    text: `/** A timestamp as JSON gives it: 2024-03-10T12:00:00+00:00. */
export function jsonTime<T extends string | null>(value: T): string | Extract<T, null> {
  if (value === null) return value as Extract<T, null>;
  return value.replace(' ', 'T').replace(/([+-]\\d\\d)(?=$| BC)/, '$1:00');
}`,
    imports: {},
    needs: [],
  },
  single: {
    text: `/** The one row of a result; any other number of rows is an error. */
export function single<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw notOneRow(rows.length);
  return row;
}`,
    imports: {},
    needs: ['notOneRow'],
  },
  maybeSingle: {
    text: `/** The one row of a result, or null; more rows are an error. */
export function maybeSingle<T>(rows: readonly T[]): T | null {
  if (rows.length > 1) throw notOneRow(rows.length);
  return rows[0] ?? null;
}`,
    imports: {},
    needs: ['notOneRow'],
  },
  noneAsNull: {
    text: `/** For the catch of a transaction that had to give one row: null where it gave none. */
export function noneAsNull(thrown: unknown): null {
  const { code, details } = failureOf(thrown);
  if (code === 'PGRST116' && details === 'The result contains 0 rows') return null;
  throw thrown;
}`,
    imports: {},
    needs: ['failureOf'],
  },
  notOneRow: {
    text: `/** The error of a result that should have been one row. */
export function notOneRow(count: number): RoutineError {
  return new RoutineError('PGRST116', 'Cannot coerce the result to a single JSON object', {
    detail: \`The result contains \${count} rows\`,
  });
}`,
    imports: {},
    needs: ['RoutineError'],
  },
};
