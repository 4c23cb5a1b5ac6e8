/** The helpers that generated code may need, as the text of `support.ts`. Only those in use are written. */
import type { Driver } from '../1-read/user-project.js';

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
  const own = { ...shared, evaluate: evaluate(driver) };
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
