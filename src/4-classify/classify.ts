/** Body -> Verdict: what the routine is in effect, why it must stay, and what to be told about it. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import { byGravity } from '../reasons.js';
import { callReasons } from './call-reasons.js';
import { callsBack } from './calls-back.js';
import { constructReason } from './construct-reasons.js';
import { hazardsOf } from './hazards.js';
import { ofMissingFunction } from './missing-functions.js';
import { placeReason } from './place-reason.js';
import { routineReasons } from './routine-reasons.js';
import { singleStatement } from './single-statement.js';
import type { RoutineReason, Verdict } from './verdict.js';
import { volatilityReasons } from './volatility-reasons.js';
import { walkBody } from './walk-body.js';

/**
 * Keep when any reason is found, all of them listed, gravest first; else single-statement when one
 * statement has exactly the effect and the result of the body; else multi-step. A construct that the
 * tree cannot hold is no reason by itself: translating refuses it by name.
 */
export function classify(routine: Routine, body: Body | readonly RoutineReason[], catalog: Catalog): Verdict {
  const parsed = isBody(body) ? body : null;
  const missed = (reason: RoutineReason): RoutineReason => ofMissingFunction(reason, routine);
  const reasons = [
    ...routineReasons(routine, catalog),
    ...placed(routine, isBody(body) ? bodyReasons(routine, body, catalog) : body.map(missed)),
  ];
  const hazards = hazardsOf(routine, parsed, catalog);
  const [first, ...others] = distinct(reasons).sort(byGravity);
  if (first) return { kind: 'keep', reasons: [first, ...others], hazards };
  if (!parsed) {
    return {
      kind: 'keep',
      reasons: [{ id: 'body-parse-error', detail: 'the body was not read', line: null }],
      hazards,
    };
  }
  const single = singleStatement(routine, parsed, catalog);
  if (single && 'id' in single) return { kind: 'keep', reasons: [placeReason(single, routine)], hazards };
  // A statement that calls its own routine is a step of the function that the routine becomes.
  return single && !callsBack(single.statement, routine, catalog)
    ? { kind: 'single-statement', ...single, hazards, reasons: [] }
    : { kind: 'multi-step', body: parsed, hazards, reasons: [] };
}

function bodyReasons(routine: Routine, body: Body, catalog: Catalog): readonly RoutineReason[] {
  const found: RoutineReason[] = [];
  walkBody(body, (visited) => {
    const construct = constructReason(visited);
    if (construct) found.push(construct);
    found.push(...callReasons(visited, routine, catalog), ...volatilityReasons(visited, routine));
  });
  return found;
}

function placed(routine: Routine, reasons: readonly RoutineReason[]): readonly RoutineReason[] {
  return reasons.map((reason) => placeReason(reason, routine));
}

/** One reason a detail: the first line on which it is met. */
function distinct(reasons: readonly RoutineReason[]): RoutineReason[] {
  const seen = new Map<string, RoutineReason>();
  for (const reason of reasons) {
    const key = `${reason.id}\0${reason.detail}`;
    if (!seen.has(key)) seen.set(key, reason);
  }
  return [...seen.values()];
}

function isBody(body: Body | readonly RoutineReason[]): body is Body {
  return 'kind' in body;
}
