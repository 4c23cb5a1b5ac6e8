/**
 * The caller of a case: what a routine read of it stands in the settings of the old side's transaction, as
 * PostgREST sets them (PostgREST documentation, "Transactions"), and in arguments of the new side.
 */
import type { IdentitySource, Routine } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import { quote } from '../5-translate/print/print-code.js';

/** Both modules with the case's caller; as they are where the routine reads nothing of it. */
export function withCaller<T extends { readonly before: string; readonly after: string }>(
  texts: T,
  site: ResolvedSite,
): T {
  const given = givenSources(site);
  if (given.length === 0) return texts;
  const settings = `${callerText(given)}
export async function run(db, args) {
  const { given, settings } = callerOf(args);
  return db.transaction(async (tx) => {
    for (const setting of settings) await tx.execute(setting);
    return site(tx, given);
  });
}
`;
  const alone = `${callerText(given)}
export async function run(db, args) {
  return site(db, callerOf(args).given);
}
`;
  return { ...texts, before: `${inner(texts.before)}${settings}`, after: `${inner(texts.after)}${alone}` };
}

/** Does it read the role itself? Roles belong to a whole server, so that none may be made on a scratch server. */
export function readsRole({ identity }: Routine): boolean {
  return (identity?.sources ?? []).some(({ kind }) => kind === 'role');
}

interface GivenSource {
  readonly source: IdentitySource;
  /** Property of `args`. */
  readonly key: string;
}

function givenSources({ routine, bindings }: ResolvedSite): readonly GivenSource[] {
  const sources = routine.identity?.sources ?? [];
  const own = bindings.slice(-sources.length);
  return sources.flatMap((source, index) => {
    const hole = own[index]?.argument?.hole;
    return hole === undefined || hole === null ? [] : [{ source, key: `a${String(hole.index)}` }];
  });
}

function inner(module: string): string {
  return module.replace('export async function run(db, args) {', 'async function site(db, args) {');
}

/**
 * The function `callerOf(args)`: statements that make the settings, and the arguments as they then are. A setting
 * that a connection has had once is an empty text without one, and a token that is no object is none.
 */
function callerText(given: readonly GivenSource[]): string {
  const session = given.filter(({ source }) => source.key === 'session_user');
  const user = given.find(({ source }) => source.key === 'current_user');
  // SET SESSION AUTHORIZATION resets the role.
  const ordered = [...session, ...given.filter((one) => !session.includes(one))];
  const steps = ordered.map(({ source, key }) =>
    user !== undefined && source.kind === 'role' && source.path[0] === 'role'
      ? `  given.${key} = given.${user.key};`
      : `  ${stepOf(source, key)}`,
  );
  const whole = given.find(({ source }) => source.kind === 'claims');
  const claims = given.some(({ source }) => /^claim/.test(source.kind));
  const token = whole === undefined ? '{}' : `documentOf(given.${whole.key})`;
  return `
import { sql as text } from 'drizzle-orm';
function callerOf(args) {
  const given = { ...args };
  const settings = [];
  const set = (name, value) => settings.push(text\`select set_config(\${name}, \${value}, true)\`);
  const documentOf = (value) => {
    try {
      const read = typeof value === 'string' ? JSON.parse(value) : value;
      return typeof read === 'object' && !Array.isArray(read) ? read : null;
    } catch {
      return null;
    }
  };
  const become = (name, words) => {
    const role = typeof name === 'string' && name !== '' && !/^(pg_.*|public|none)$/i.test(name) && name.length < 60 ? name : 'mrpc_caller';
    const quoted = '"' + role.replaceAll('"', '""') + '"';
    const make = "do $do$ begin create role " + quoted + "; exception when duplicate_object then null; end $do$";
    for (const command of [make, 'alter role ' + quoted + ' superuser', words + ' ' + quoted]) settings.push(text.raw(command));
    return role;
  };
  let token = ${token};
  const claim = (path, value) => {
    if (value === null || value === undefined) return;
    token ??= {};
    let at = token;
    for (const name of path.slice(0, -1)) at = at[name] = { ...at[name] };
    at[path.at(-1)] = value;
  };
${steps.join('\n')}
${whole === undefined ? '' : `  given.${whole.key} = token;\n`}${claims ? `  set('request.jwt.claims', token === null ? '' : JSON.stringify(token));\n` : ''}  return { given, settings };
}`;
}

function stepOf({ kind, path, type }: IdentitySource, key: string): string {
  const names = `[${path.map((name) => quote(name)).join(', ')}]`;
  const value = `given.${key}`;
  switch (kind) {
    case 'claims':
      return '';
    case 'claim':
      return type === jsonb
        ? `claim(${names}, ${value} = documentOf(${value}));`
        : `claim(${names}, ${value});`;
    case 'setting':
      return `set(${quote(path[0] ?? '')}, (${value} ??= ''));`;
    case 'role': {
      const words = path[0] === 'session_user' ? 'set local session authorization' : 'set local role';
      return `${value} = become(${value}, ${quote(words)});`;
    }
  }
}

const jsonb = 3802;
