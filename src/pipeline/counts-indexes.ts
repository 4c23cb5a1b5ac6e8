/** What the user's compiler thinks of `rows[0]`. */
import type { Program } from '../source/open-program.js';

/** `rows[0]` may be undefined for this compiler. */
export function countsIndexes({ compilerOptions }: Program): boolean {
  const { noUncheckedIndexedAccess, strictNullChecks, strict } = compilerOptions;
  return noUncheckedIndexedAccess === true && (strictNullChecks ?? strict) === true;
}
