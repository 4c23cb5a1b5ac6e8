/** What a person has to know about a routine before its calls are rewritten; none of it forbids that. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { declaredOid } from '../2-find/polymorphic-routine.js';
import type { Body } from '../3-parse/body.js';
import { searchPathOf } from '../3-parse/name-lookup.js';
import { inputArguments } from '../3-parse/routine-names.js';
import { calledRoutines } from './called-routines.js';
import { tableHazards } from './table-hazards.js';
import type { Hazard } from './verdict.js';
import { walkBody } from './walk-body.js';

export function hazardsOf(routine: Routine, body: Body | null, catalog: Catalog): readonly Hazard[] {
  return [
    ...declared(routine, catalog),
    ...(body
      ? [...tableHazards(routine, body, catalog), ...ofCalls(body, catalog), ...ofStatements(routine, body)]
      : []),
  ];
}

/** numeric, real and double precision store NaN (PostgreSQL manual, 8.1). */
const WITH_NAN = [1700, 700, 701];

const hazard = (rule: string, message: string): Hazard => ({ rule, message });

function declared(routine: Routine, catalog: Catalog): readonly Hazard[] {
  const found: Hazard[] = [];
  if (routine.securityDefiner) {
    found.push(
      hazard(
        'security-definer',
        `It runs with the rights of ${routine.owner}; the query runs with those of the login.`,
      ),
    );
  }
  const others = catalog.routines.filter(
    (each) =>
      each.oid !== declaredOid(routine) && each.schema === routine.schema && each.name === routine.name,
  );
  if (others.length > 0) {
    found.push(
      hazard(
        'overloaded',
        `${others.length} other ${others.length === 1 ? 'routine has' : 'routines have'} the name ${routine.schema}.${routine.name}; only this one is rewritten.`,
      ),
    );
  }
  if (routine.usedBy.length > 0)
    found.push(
      hazard('used-elsewhere', `It must stay in the database: ${routine.usedBy.join(', ')} uses it.`),
    );
  if (searchPathOf(routine, catalog).filter(isOwn).join() !== catalog.searchPath.filter(isOwn).join()) {
    const setting =
      routine.configuration.find((entry) => entry.toLowerCase().startsWith('search_path=')) ?? 'search_path';
    found.push(
      hazard(
        'search-path',
        `Its names were resolved with its own ${setting}, not with the login's search path.`,
      ),
    );
  }
  const settings = routine.configuration.filter((entry) => !entry.toLowerCase().startsWith('search_path='));
  if (settings.length > 0)
    found.push(hazard('settings', `It runs under ${settings.join(', ')}; the query does not.`));
  return [...found, ...ofArguments(routine, catalog)];
}

function ofArguments(routine: Routine, catalog: Catalog): readonly Hazard[] {
  const inputs = inputArguments(routine).map(({ name, type }, index) => ({
    name: name ?? `$${index + 1}`,
    type,
  }));
  const namesOf = (type: number): string =>
    inputs.flatMap((each) => (each.type === type ? [each.name] : [])).join(', ');
  const found: Hazard[] = [];
  for (const type of WITH_NAN) {
    if (namesOf(type) === '') continue;
    const what = catalog.types.get(type)?.sqlName ?? 'numeric';
    found.push(
      hazard(
        'numeric-argument',
        `A JavaScript NaN given for ${namesOf(type)} reaches the database as 'NaN', which ${what} accepts.`,
      ),
    );
  }
  for (const type of new Set(inputs.map((each) => each.type))) {
    if (inputs.filter((each) => each.type === type).length < 2) continue;
    const what = catalog.types.get(type)?.sqlName ?? 'of one type';
    found.push(
      hazard('same-typed-arguments', `${namesOf(type)} are all ${what}: their order is easy to confuse.`),
    );
  }
  return found;
}

function ofCalls(body: Body, catalog: Catalog): readonly Hazard[] {
  const called = calledRoutines(body, catalog).join(', ');
  return called === '' ? [] : [hazard('calls-routine', `The query calls ${called} as the body does.`)];
}

function ofStatements(routine: Routine, body: Body): readonly Hazard[] {
  let writes = false;
  let asserts = false;
  const locks = new Set<string>();
  walkBody(body, ({ node }) => {
    if (/^(insert|update|delete)$/.test(node.kind)) writes = true;
    if (node.kind === 'select' && Array.isArray(node['locking'])) {
      for (const lock of node['locking'] as readonly { strength: string; wait: string }[]) {
        locks.add(
          `FOR ${lock.strength.toUpperCase()}${lock.wait === 'block' ? '' : ` ${lock.wait.toUpperCase()}`}`,
        );
      }
    }
    if (node.kind === 'if' && node['assertion'] === true) asserts = true;
    if (node.kind === 'call' && /^pg_(try_)?advisory_xact_lock/.test(String(node['name'])))
      locks.add(String(node['name']));
    if (node.kind === 'unsupported-statement' && node['construct'] === 'LOCK TABLE') locks.add('LOCK TABLE');
  });
  const lying = writes && routine.volatility !== 'volatile';
  return [
    ...(lying
      ? [
          hazard(
            'volatility-lies',
            `It is marked ${routine.volatility.toUpperCase()} and writes: PostgreSQL refuses that write (0A000) when it is called, the query would not.`,
          ),
        ]
      : []),
    ...(asserts
      ? [hazard('assert', 'Its ASSERT is always checked; plpgsql.check_asserts = off no longer stops it.')]
      : []),
    ...(locks.size > 0
      ? [
          hazard(
            'locks',
            `It takes locks: ${[...locks].join(', ')}. They are held until the transaction ends.`,
          ),
        ]
      : []),
  ];
}

/** pg_catalog stands in every path, named or not. */
function isOwn(schema: string): boolean {
  return schema !== 'pg_catalog' && !schema.startsWith('pg_temp');
}
