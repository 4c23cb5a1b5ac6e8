/** The helpers that generated code may need, as the text of `support.ts`. Only those in use are written. */

export interface SupportFunction {
  readonly text: string;
  /** Imports of the text: module to names. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Other helpers that it calls. */
  readonly needs: readonly string[];
}

export const supportFunctions: Readonly<Record<string, SupportFunction>> = {
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
  RoutineError: {
    text: `/** What a routine raises: the SQLSTATE and message stand in \`cause\`, as with an error of the database. */
export class RoutineError extends DrizzleQueryError {
  constructor(code: string, message: string, { detail, hint }: { detail?: string; hint?: string } = {}) {
    const cause = Object.assign(new DatabaseError(message, message.length, 'error'), { severity: 'ERROR', code, detail, hint });
    super('routine', [], cause);
    this.message = message;
    this.name = 'RoutineError';
  }
}`,
    imports: { 'drizzle-orm': ['DrizzleQueryError'], pg: ['DatabaseError'] },
    needs: [],
  },
  unfinished: {
    text: `/** Stands for a part of a database function that is not translated yet. */
export async function unfinished(_tx: unknown, piece: string, ..._values: readonly unknown[]): Promise<boolean> {
  throw new Error(\`TODO(migrate-rpc): \${piece}\`);
}`,
    imports: {},
    needs: [],
  },
};
