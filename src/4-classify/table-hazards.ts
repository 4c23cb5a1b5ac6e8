/** What the database does by itself with the tables of a body: policies, triggers, checks that wait for COMMIT. */
import type {
  Catalog,
  ForeignKey,
  Policy,
  Relation,
  Routine,
  Trigger,
  UniqueKey,
} from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import { touchedTables, type TouchedTable } from './touched-tables.js';
import type { Hazard } from './verdict.js';

export function tableHazards(routine: Routine, body: Body, catalog: Catalog): readonly Hazard[] {
  const tables = touchedTables(body, catalog);
  const writes = tables.some((table) => table.writes.size > 0);
  return [
    ...(writes ? ofReplication(routine) : []),
    ...tables.flatMap((table) => ofTable(routine, table, catalog)),
  ];
}

function ofTable(routine: Routine, { relation, writes }: TouchedTable, catalog: Catalog): readonly Hazard[] {
  const fired = relation.triggers.filter(({ events }) =>
    events.some((event) => event !== 'truncate' && writes.has(event)),
  );
  return [
    ...ofRowSecurity(routine, relation),
    ...ofTriggers(relation, fired),
    ...(writes.size > 0 ? ofDeferred(relation, fired, checkedKeys(relation, writes, catalog)) : []),
  ];
}

/** PostgreSQL manual, 20.11.1: with `replica` triggers do not fire, those of foreign keys among them. */
function ofReplication({ source }: Routine): readonly Hazard[] {
  if (!/\bsession_replication_role\b/i.test(source)) return [];
  const message =
    'It names session_replication_role, under which triggers and foreign keys of what it writes do not run.';
  return [{ rule: 'replication-role', message }];
}

/** `own_notes (SELECT, for authenticated) USING (author_id = auth.uid())`. */
export function policyText({ name, command, roles, using, check }: Policy): string {
  const holds = roles.length === 0 || roles.includes('public') ? '' : `, for ${roles.join(', ')}`;
  const seen = using === null ? '' : ` USING (${bare(using)})`;
  const stored = check === null ? '' : ` WITH CHECK (${bare(check)})`;
  return `${name} (${command.toUpperCase()}${holds})${seen}${stored}`;
}

function ofRowSecurity(routine: Routine, relation: Relation): readonly Hazard[] {
  if (!relation.rowSecurity) return [];
  const name = nameOf(relation);
  const policies = relation.policies.map(policyText).join('; ') || 'none, so that nothing is visible';
  const passed = relation.owner === routine.owner && !relation.forceRowSecurity;
  const before = !routine.securityDefiner
    ? 'what is seen depends on the role that runs the query'
    : passed
      ? `it ran as ${routine.owner}, who owns the table, so that none of them held; now they hold for the role that runs the query`
      : `it ran as ${routine.owner}; now they hold for the role that runs the query`;
  return [{ rule: 'row-security', message: `${name} has row security (policies: ${policies}); ${before}.` }];
}

function ofTriggers(relation: Relation, fired: readonly Trigger[]): readonly Hazard[] {
  if (fired.length === 0) return [];
  const names = fired.map(({ name, level }) => (level === 'statement' ? `${name} (once a statement)` : name));
  const message = `Writing to ${nameOf(relation)} fires ${names.join(', ')}, as before.`;
  return [{ rule: 'triggers', message }];
}

/** PostgreSQL manual, SET CONSTRAINTS: what is deferred is checked at the end of the transaction. */
function ofDeferred(
  relation: Relation,
  fired: readonly Trigger[],
  keys: readonly (UniqueKey | ForeignKey)[],
): readonly Hazard[] {
  const names = [
    ...keys.filter(({ deferrable }) => deferrable).map(({ name }) => name),
    ...fired
      .filter(({ definition }) => /\bDEFERRABLE\b/.test(definition) && !/\bNOT DEFERRABLE\b/.test(definition))
      .map(({ name }) => name),
  ];
  if (names.length === 0) return [];
  const message = `${names.join(', ')} of ${nameOf(relation)} may be checked only when the transaction ends: the error then comes from COMMIT, after the last statement.`;
  return [{ rule: 'deferred', message }];
}

/** Keys that a new row may break, and foreign keys of other tables that a changed or deleted row may. */
function checkedKeys(
  { schema, name, keys, foreignKeys }: Relation,
  writes: TouchedTable['writes'],
  { relations }: Catalog,
): readonly (UniqueKey | ForeignKey)[] {
  const own = writes.has('insert') || writes.has('update') ? [...keys, ...foreignKeys] : [];
  if (!writes.has('update') && !writes.has('delete')) return own;
  const referring = relations.flatMap((relation) =>
    relation.foreignKeys.filter(
      ({ references }) => references.schema === schema && references.table === name,
    ),
  );
  return [...new Set([...own, ...referring])];
}

function nameOf({ schema, name }: Relation): string {
  return `${schema}.${name}`;
}

/** Without the brackets that pg_get_expr puts round the whole. */
function bare(text: string): string {
  const plain = text.replace(/\s+/g, ' ');
  if (!plain.startsWith('(')) return plain;
  let depth = 0;
  for (const [index, char] of [...plain].entries()) {
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    if (depth === 0 && index < plain.length - 1) return plain;
  }
  return plain.slice(1, -1);
}
