/** Reasons that the declaration alone gives. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { RoutineReason } from './verdict.js';

export function routineReasons(routine: Routine, catalog: Catalog): readonly RoutineReason[] {
  const reasons: RoutineReason[] = [];
  if (routine.kind === 'aggregate' || routine.kind === 'window') {
    reasons.push({ id: 'not-sql-language', detail: `${routine.kind} function`, line: null });
  } else if (routine.language !== 'sql' && routine.language !== 'plpgsql') {
    reasons.push({ id: 'not-sql-language', detail: `language ${routine.language}`, line: null });
  }
  if (routine.extension !== null)
    reasons.push({ id: 'extension-owned', detail: `extension ${routine.extension}`, line: null });
  // Of all settings this one changes what a write does: triggers and foreign keys do not run.
  const role = routine.configuration.find((setting) => /^session_replication_role=/i.test(setting));
  if (role !== undefined) reasons.push({ id: 'session-state', detail: `SET ${role}`, line: null });
  const result = catalog.types.get(routine.returnType)?.name;
  if (result === 'trigger' || result === 'event_trigger') {
    reasons.push({ id: 'trigger-function', detail: `RETURNS ${result}`, line: null });
  }
  const polymorphic = [routine.returnType, ...routine.arguments.map((argument) => argument.type)]
    .map((oid) => catalog.types.get(oid))
    .find((type) => type?.kind === 'pseudo' && type.name.startsWith('any'));
  if (polymorphic) reasons.push({ id: 'polymorphic', detail: polymorphic.name, line: null });
  return reasons;
}
