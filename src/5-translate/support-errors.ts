/** Helpers of handlers: which error was caught, and what it says. */
import type { Driver } from '../1-read/user-project.js';
import type { SupportFunction } from './support-source.js';

export function errorSupport(driver: Driver): Readonly<Record<string, SupportFunction>> {
  const fields = ['detail', 'hint', ...(driver === 'postgres-js' ? ofPostgresJs : ofNodePostgres)];
  return {
    failedWith,
    errorFields: {
      text: `/** What the database or a routine said of an error, which Drizzle wraps; nothing for any other error. */
export function errorFields(error: unknown): ErrorFields {
  const cause = error instanceof DrizzleQueryError ? error.cause : undefined;
  return cause !== undefined && 'code' in cause && 'severity' in cause
    ? (cause as Error & ErrorFields)
    : { severity: '', code: '', message: '' };
}

interface ErrorFields {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
${fields.map((field) => `  readonly ${field}?: string | undefined;`).join('\n')}
}`,
      imports: { 'drizzle-orm': ['DrizzleQueryError'] },
      needs: [],
    },
  };
}

const ofNodePostgres = ['column', 'constraint', 'dataType', 'table', 'schema'];
const ofPostgresJs = ['column_name', 'constraint_name', 'type_name', 'table_name', 'schema_name'];

const failedWith: SupportFunction = {
  text: `/**
 * Did the database or a routine raise an error with one of these SQLSTATEs? One that ends in 000 stands for its class,
 * and \`others\` for all but a cancelled query and a failed assertion. A lost connection is none of them.
 */
export function failedWith(error: unknown, ...states: readonly string[]): boolean {
  const { code, severity } = errorFields(error);
  if (code === '' || severity === 'FATAL' || severity === 'PANIC') return false;
  return states.some((state) => {
    if (state === 'others') return code !== '57014' && code !== 'P0004';
    return state === code || (state.endsWith('000') && code.startsWith(state.slice(0, 2)));
  });
}`,
  imports: {},
  needs: ['errorFields'],
};
