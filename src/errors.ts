/**
 * Errors a person can act on. Everything else that is thrown is a bug of this program
 * and ends with exit code 70. Refusing to rewrite something is data, never an error.
 */

/** 0 done · 1 something remains · 2 the user must act · 70 a bug · 130/143 interrupted. */
export type ExitCode = 0 | 1 | 2 | 70 | 130 | 143;

/** Says what happened, where, and what to do. `title` is one sentence without a final period. */
export class MigrateError extends Error {
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly exitCode: ExitCode;

  constructor(
    code: string,
    title: string,
    options: { detail?: string; hint?: string; exitCode?: ExitCode; cause?: unknown } = {},
  ) {
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MigrateError';
    this.code = code;
    this.title = title;
    this.detail = options.detail ?? null;
    this.hint = options.hint ?? null;
    this.exitCode = options.exitCode ?? 2;
  }
}
