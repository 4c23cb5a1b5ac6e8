/** A body asks who calls it, and the session does not say. */
import { bodyRule, type BodyFact } from './bodies/body-rule.js';
import type { BodyDatabase } from './bodies/body-database.js';
import type { CallUse } from './bodies/read-text.js';
import { isSecured, nameOf, policiesFor, relationFor, type Reached } from './bodies/reach.js';
import { providedSettings } from './facts/provided-settings.js';

export const bodyIdentity = bodyRule({
  id: 'body-identity',
  title: 'A body asks for the identity of the caller, which this session does not have',
  help: "Run it in a transaction that first sets what it asks for: `select set_config('request.jwt.claims', ${claims}, true), set_config('role', ${role}, true)`; or pass the identity as an argument.",
  judge: ({ site, reached, database, facts }) => {
    // PostgREST says who calls.
    if (site.form === 'rpc') return [];
    const given = providedSettings(facts, site.node, site.client);
    if (given === null) return [];
    const inBodies = new Set(
      reached.flatMap(({ reading }) => reading.calls.flatMap((call) => setBy(call) ?? [])),
    );
    const known = (name: string): boolean =>
      given.has(name) ||
      inBodies.has(name) ||
      database.settings.has(name) ||
      [...given].some((one) => isClaim(one) && isClaim(name));
    return reached.flatMap((one) => [
      ...(one.path.length === 0 ? [] : questions(one, database, known)),
      ...(given.has('role') ? [] : hidden(one, database)),
    ]);
  },
});

function isClaim(name: string): boolean {
  return name.startsWith('request.jwt.claim');
}

/** What the body asks for and nobody has set. */
function questions(
  one: Reached,
  database: BodyDatabase,
  known: (name: string) => boolean,
): readonly BodyFact[] {
  // Whoever calls `auth.uid()` is told of; how it finds out is not.
  if (one.routine !== null && isQuestion(one.routine)) return [];
  const asked = one.reading.calls.flatMap((call): BodyFact[] => {
    const setting = settingOf(call);
    if (setting === null || known(setting)) return [];
    const shown = call.schema === null ? call.name : `${call.schema}.${call.name}`;
    const what = `${shown}(${call.name === 'current_setting' ? `'${setting}'` : ''}) is NULL or fails, because this statement runs without \`${setting}\``;
    return [{ reached: one, line: call.line, what }];
  });
  const named = one.caller === database.role.name && !known('role') ? one.reading.identities : [];
  return [
    ...asked,
    ...named
      .filter(({ name }) => name !== 'session_user')
      .map(({ name, line }) => ({
        reached: one,
        line,
        what: `${name} is the login ${database.role.name} for every caller`,
      })),
  ];
}

/** The setting that a call reads, in lower case, or null: settings of PostgreSQL itself have a value always. */
function settingOf({ schema, name, arguments: given }: CallUse): string | null {
  if (isQuestion({ schema, name })) return 'request.jwt.claims';
  if (name !== 'current_setting' || (schema !== null && schema !== 'pg_catalog')) return null;
  const literal = /^'([^']+)'/.exec(given[0]?.text ?? '')?.[1]?.toLowerCase() ?? '';
  return literal.includes('.') ? literal : null;
}

function isQuestion({ schema, name }: { readonly schema: string | null; readonly name: string }): boolean {
  return schema === 'auth' && /^(?:uid|role|jwt|email)$/.test(name);
}

function setBy({ name, arguments: given }: CallUse): string | null {
  return name === 'set_config' ? (/^'([^']+)'/.exec(given[0]?.text ?? '')?.[1]?.toLowerCase() ?? null) : null;
}

/** Tables whose row security has no policy for the login: no row is seen, and there is no error. */
function hidden(one: Reached, database: BodyDatabase): readonly BodyFact[] {
  return one.reading.relations.flatMap((use) => {
    const relation = relationFor(database, use, one.searchPath);
    if (relation === null || !isSecured(database, relation, one.role)) return [];
    if (policiesFor(database, relation, use, one.role).length > 0) return [];
    const effect =
      use.use === 'insert' ? 'the INSERT is refused (42501)' : 'no row is seen, without an error';
    const what = `no policy of ${nameOf(relation)} is for ${one.role}: ${effect}`;
    return [{ reached: one, line: one.path.length === 0 ? null : use.line, what }];
  });
}
