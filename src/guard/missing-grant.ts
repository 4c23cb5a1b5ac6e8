/** A right that the login does not have. */
import { bodyRule, type BodyFact } from './bodies/body-rule.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { candidatesFor } from './bodies/candidates.js';
import { nameOf, relationFor, type Reached } from './bodies/reach.js';
import { signatureOf } from '../2-find/resolve-candidates.js';
import { providedSettings } from './facts/provided-settings.js';

export const missingGrant = bodyRule({
  id: 'missing-grant',
  title: 'The login lacks a right that the statement needs',
  help: 'GRANT it to the login, or let a SECURITY DEFINER routine with a fixed search_path do what the login may not.',
  judge: ({ site, reached, database, facts }) => {
    // PostgREST and SET ROLE work with the rights of another role.
    if (site.form === 'rpc' || providedSettings(facts, site.node, site.client)?.has('role') === true)
      return [];
    return reached.flatMap((one) => [...ofCalls(one, database), ...ofRelations(one, database)]);
  },
});

function ofCalls(one: Reached, database: BodyDatabase): readonly BodyFact[] {
  const { role } = database;
  if (one.caller !== role.name) return [];
  return one.reading.calls.flatMap((call): BodyFact[] => {
    const [first, ...others] = candidatesFor(database, call, one.searchPath).map(({ routine }) => routine);
    if (first === undefined) return [];
    const line = one.path.length === 0 ? null : call.line;
    if (!role.schemas.has(first.schema))
      return [
        { reached: one, line, what: `the login ${role.name} has no USAGE on schema ${first.schema} (42501)` },
      ];
    if ([first, ...others].some(({ oid }) => role.routines.has(oid))) return [];
    const what = `the login ${role.name} may not execute ${signatureOf(first, database.catalog)} (42501)`;
    return [{ reached: one, line, what }];
  });
}

function ofRelations(one: Reached, database: BodyDatabase): readonly BodyFact[] {
  const { role } = database;
  if (one.role !== role.name) return [];
  return one.reading.relations.flatMap((use): BodyFact[] => {
    const relation = relationFor(database, use, one.searchPath);
    if (relation === null || !/table|view/.test(relation.kind)) return [];
    const line = one.path.length === 0 ? null : use.line;
    if (!role.schemas.has(relation.schema))
      return [
        {
          reached: one,
          line,
          what: `the login ${role.name} has no USAGE on schema ${relation.schema} (42501)`,
        },
      ];
    if (role.relations.get(relation.oid)?.has(use.use) !== false) return [];
    const what = `the login ${role.name} may not ${use.use.toUpperCase()} ${nameOf(relation)} (42501)`;
    return [{ reached: one, line, what }];
  });
}
