/** What the database itself reads of the caller when a body writes: in triggers, and in defaults of columns. */
import type { Catalog, Relation, Routine } from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import type { Insert } from '../3-parse/statement.js';
import { reasonsThrough } from './call-reasons.js';
import { reasonOfFunction, reasonOfValueFunction } from './called-functions.js';
import { textFacts } from './text-facts.js';
import { touchedTables } from './touched-tables.js';
import type { RoutineReason } from './verdict.js';
import { walkBody } from './walk-body.js';

/** Reasons to keep the call; none where nothing of that kind is read. */
export function identityBehindWrites(
  routine: Routine,
  body: Body,
  catalog: Catalog,
): readonly RoutineReason[] {
  return [...inTriggers(routine, body, catalog), ...inDefaults(body, catalog)];
}

function inTriggers(routine: Routine, body: Body, catalog: Catalog): readonly RoutineReason[] {
  return touchedTables(body, catalog).flatMap(({ relation, writes }) =>
    relation.triggers
      .filter(({ events }) => events.some((event) => event !== 'truncate' && writes.has(event)))
      .flatMap((trigger): readonly RoutineReason[] => {
        const called = catalog.routines.find(({ oid }) => oid === trigger.routine);
        const found = called === undefined ? [] : reasonsThrough(called, routine, catalog, null);
        const [first] = found.filter(({ id }) => id === 'identity');
        if (first === undefined) return [];
        const detail = `${first.detail}, which the trigger ${trigger.name} of ${nameOf(relation)} runs`;
        return [{ id: 'identity', detail, line: null }];
      }),
  );
}

/** Columns that a row takes from a default which no argument stands for. */
function inDefaults(body: Body, catalog: Catalog): readonly RoutineReason[] {
  const found: RoutineReason[] = [];
  walkBody(body, ({ node, line }) => {
    if (node.kind !== 'insert') return;
    const { into, insertColumns } = node as unknown as Insert;
    const relation = catalog.relations.find(({ oid }) => oid === into.oid);
    for (const column of relation?.columns ?? []) {
      if (column.default === null || insertColumns.includes(column.name)) continue;
      if (!readsIdentity(column.default)) continue;
      const detail = `DEFAULT ${column.default} of ${into.schema}.${into.table}.${column.name}`;
      found.push({ id: 'identity', detail, line });
    }
  });
  return found;
}

function readsIdentity(text: string): boolean {
  const { calls, valueFunctions } = textFacts(text);
  return (
    calls.some((called) => reasonOfFunction(called) === 'identity') ||
    valueFunctions.some((name) => reasonOfValueFunction(name) === 'identity')
  );
}

function nameOf({ schema, name }: Relation): string {
  return `${schema}.${name}`;
}
