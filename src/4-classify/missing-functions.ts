/**
 * A body that PostgreSQL does not read because a function of an extension is missing, as where SQL files are loaded
 * without it: what the function is for is the better reason.
 */
import type { Routine } from '../1-read/catalog.js';
import { reasonOfFunction } from './called-functions.js';
import { textFacts } from './text-facts.js';
import type { RoutineReason } from './verdict.js';

/** SQLSTATEs of an undefined function and of an invalid schema name (PostgreSQL manual, appendix A). */
const missing = /\((?:42883|3F000)\)$/;

export function ofMissingFunction(reason: RoutineReason, routine: Routine): RoutineReason {
  if (reason.id !== 'body-parse-error' || !missing.test(reason.detail)) return reason;
  const words = new Set(reason.detail.match(/\w+/g));
  for (const called of textFacts(routine.sqlBody ?? routine.source).calls) {
    const id = reasonOfFunction(called);
    if (id !== 'external-effect' || !(words.has(called.name) || words.has(called.schema ?? ''))) continue;
    const name = called.schema === null ? called.name : `${called.schema}.${called.name}`;
    return { id, detail: `${name}()`, line: reason.line };
  }
  return reason;
}
