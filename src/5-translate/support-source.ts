/** The helpers that generated code may need, as the text of `support.ts`. Only those in use are written. */
import type { Driver } from '../1-read/user-project.js';
import { arraySupport } from './support-arrays.js';
import { errorSupport } from './support-errors.js';
import { requestSupport } from './support-requests.js';

export interface SupportFunction {
  readonly text: string;
  /** Imports of the text: module to names; `default postgres` is the default export under that name. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Other helpers that it calls. */
  readonly needs: readonly string[];
}

/** By name. What is raised must be an error of the driver's own class, so it depends on the driver. */
export function supportFunctions(driver: Driver): Readonly<Record<string, SupportFunction>> {
  const error = routineErrors[driver];
  const own = {
    ...shared,
    ...requestSupport,
    ...errorSupport(driver),
    ...arraySupport,
    evaluate: evaluate(driver),
    elements: elements(driver),
  };
  return error === undefined ? own : { ...own, RoutineError: error };
}

const shared: Readonly<Record<string, SupportFunction>> = {
  int4: {
    text: `/** Lets through what PostgreSQL takes as an integer; anything else fails as it does there. */
export function int4<T extends number | string | null>(value: T): T {
  if (value === null) return value;
  const text = String(value).trim();
  if (!/^[+-]?\\d+$/.test(text)) {
    throw new RoutineError('22P02', \`invalid input syntax for type integer: "\${value}"\`);
  }
  if (Number(text) < -2147483648 || Number(text) > 2147483647) {
    throw new RoutineError('22003', \`value "\${value}" is out of range for type integer\`);
  }
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  int4Result: {
    text: `/** The result of integer arithmetic, which fails beyond 32 bits as it does in PostgreSQL. */
export function int4Result(value: number): number {
  if (value < -2147483648 || value > 2147483647) throw new RoutineError('22003', 'integer out of range');
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  divideInt4: {
    text: `/** Integer division cuts toward zero, and a zero divisor fails. */
export function divideInt4(left: number, right: number): number {
  if (right === 0) throw new RoutineError('22012', 'division by zero');
  return int4Result(Math.trunc(left / right) + 0);
}`,
    imports: {},
    needs: ['RoutineError', 'int4Result'],
  },
  moduloInt4: {
    text: `/** The remainder has the sign of the dividend, and a zero divisor fails. */
export function moduloInt4(left: number, right: number): number {
  if (right === 0) throw new RoutineError('22012', 'division by zero');
  return (left % right) + 0;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  varchar: {
    text: `/** Text as a varchar(length) takes it: spaces beyond the length are cut, anything else fails. */
export function varchar<T extends string | null>(value: T, length: number): T | string {
  if (value === null) return value;
  const characters = Array.from<string>(value);
  if (characters.slice(length).some((character) => character !== ' ')) {
    throw new RoutineError('22001', \`value too long for type character varying(\${length})\`);
  }
  return characters.slice(0, length).join('');
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  character: {
    text: `/** Text as a character(length) takes it: padded with spaces, or cut where only spaces go beyond the length. */
export function character<T extends string | null>(value: T, length: number): T | string {
  if (value === null) return value;
  const characters = Array.from<string>(value);
  if (characters.slice(length).some((character) => character !== ' ')) {
    throw new RoutineError('22001', \`value too long for type character(\${length})\`);
  }
  return characters.slice(0, length).join('') + ' '.repeat(Math.max(0, length - characters.length));
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  withFields: {
    text: `/** An error with more of what RAISE … USING may name: the constraint, the column … */
export function withFields(error: RoutineError, fields: Readonly<Record<string, string>>): RoutineError {
  if (error.cause !== undefined) Object.assign(error.cause, fields);
  return error;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  raiseOption: {
    text: `/** A NULL as message, detail or the like of an error is an error of its own. */
export function raiseOption(value: string | null): string {
  if (value === null) throw new RoutineError('22004', 'RAISE statement option cannot be null');
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  required: {
    text: `/** The value of a variable that was declared NOT NULL. */
export function required<T>(value: T | null, variable: string): T {
  if (value === null) {
    throw new RoutineError('22004', \`null value cannot be assigned to variable "\${variable}" declared NOT NULL\`);
  }
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  loopBound: {
    text: `/** A bound of a loop over integers, which must not be NULL. */
export function loopBound(value: number | null, bound: 'lower' | 'upper'): number {
  if (value === null) throw new RoutineError('22004', \`\${bound} bound of FOR loop cannot be null\`);
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  loopStride: {
    text: `/** What a loop over integers counts by, from 1 up. */
export function loopStride(value: number | null): number {
  if (value === null) throw new RoutineError('22004', 'BY value of FOR loop cannot be null');
  if (value <= 0) throw new RoutineError('22023', 'BY value of FOR loop must be greater than zero');
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  foreachArray: {
    text: `/** The array of a loop over its elements, which must not be NULL. */
export function foreachArray<T>(array: readonly T[] | null): readonly T[] {
  if (array === null) throw new RoutineError('22004', 'FOREACH expression must not be null');
  return array;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  unfinished: {
    text: `/** Stands for a part of a database function that is not translated yet. */
export function unfinished(_tx: unknown, piece: string, ...values: readonly unknown[]): Promise<boolean> {
  return Promise.reject(Object.assign(new Error(\`TODO(migrate-rpc): \${piece}\`), { values }));
}`,
    imports: {},
    needs: [],
  },
};

/** Drizzle has no SELECT without FROM. */
const evaluate = (driver: Driver): SupportFunction => ({
  text: `/** The value of an SQL expression, which costs a round trip. */
export async function evaluate<T>(db: Executor, expression: SQL<T>): Promise<T> {
  const ${driver === 'postgres-js' ? 'rows' : '{ rows }'} = await db.execute<{ value: T }>(sql\`select \${expression} as value\`);
  for (const { value } of rows) return value;
  throw new Error('A statement without FROM gave no row');
}`,
  imports: { 'drizzle-orm': ['type SQL', 'sql'] },
  needs: ['Executor'],
});

/** Arrays of several dimensions are one list of elements to FOREACH. */
const elements = (driver: Driver): SupportFunction => ({
  text: `/** The elements of an array that PostgreSQL computes, which costs a round trip. NULL instead of an array fails. */
export async function elements<T>(db: Executor, array: SQL): Promise<readonly T[]> {
  const list = sql\`case when given.items is null then null else array(select unnest(given.items)) end\`;
  const ${driver === 'postgres-js' ? '[row]' : '{ rows: [row] }'} = await db.execute<{ value: T[] | null }>(sql\`select \${list} as value from (select \${array} as items) as given\`);
  return foreachArray(row?.value ?? null);
}`,
  imports: { 'drizzle-orm': ['type SQL', 'sql'] },
  needs: ['Executor', 'foreachArray'],
});

const errorClass = (
  cause: string,
): string => `/** What a routine raises: the SQLSTATE and message stand in \`cause\`, as with an error of the database. */
export class RoutineError extends DrizzleQueryError {
  constructor(code: string, message: string, { detail, hint }: { detail?: string; hint?: string } = {}) {
    const fields = { severity: 'ERROR', code, detail, hint };
    super('routine', [], ${cause});
    this.message = message;
    this.name = 'RoutineError';
  }
}`;

const routineErrors: Readonly<Partial<Record<Driver, SupportFunction>>> = {
  'node-postgres': {
    text: errorClass("Object.assign(new DatabaseError(message, message.length, 'error'), fields)"),
    imports: { 'drizzle-orm': ['DrizzleQueryError'], pg: ['DatabaseError'] },
    needs: [],
  },
  'postgres-js': {
    text: errorClass(
      "Object.assign(Object.create(postgres.PostgresError.prototype) as Error, { name: 'PostgresError', message }, fields)",
    ),
    imports: { 'drizzle-orm': ['DrizzleQueryError'], postgres: ['default postgres'] },
    needs: [],
  },
};
