/**
 * Says why there is no connection, or no longer one, in words a person can act on. No message holds
 * the password, however it is encoded, and the driver's error is not passed on as a cause for that.
 */
import { MigrateError } from '../errors.js';

export interface ConnectionTarget {
  /** `host:port/name`. */
  readonly label: string;
  readonly host: string;
  readonly user: string | null;
  readonly database: string | null;
  readonly password: string | null;
}

interface Cause {
  /** Node's or the server's code: `ENOTFOUND`, `28P01`. */
  readonly code?: string;
  readonly message: string;
}

/** `stage` is `connect`, or `query` when a connection that worked was lost. */
export function connectionFailure(
  error: unknown,
  target: ConnectionTarget,
  stage: 'connect' | 'query',
): MigrateError {
  const cause = innermost(error);
  const rule = rules.find(({ when }) => when.test(`${cause.code ?? ''} ${cause.message}`)) ?? fallback[stage];
  const detail = withoutPassword(
    cause.code ? `${cause.message} (${cause.code})` : cause.message,
    target.password,
  );
  return new MigrateError(rule.code, withoutPassword(rule.title(target), target.password), {
    detail,
    hint: rule.hint,
  });
}

/** Does this answer of the server mean that the connection is gone or refused, not the statement? */
export function isConnectionState(sqlstate: string): boolean {
  return /^(08...|57P0[1-5]|53300)$/.test(sqlstate);
}

/** Replaces every spelling of the password, raw or encoded. */
export function withoutPassword(text: string, password: string | null): string {
  if (!password) return text;
  const spellings = new Set([
    password,
    encodeURIComponent(password),
    encodeURI(password),
    JSON.stringify(password).slice(1, -1),
  ]);
  return [...spellings]
    .sort((a, b) => b.length - a.length)
    .reduce((safe, one) => safe.replaceAll(one, '***'), text);
}

interface Rule {
  /** Tested against `CODE message`. */
  readonly when: RegExp;
  readonly code: string;
  readonly title: (target: ConnectionTarget) => string;
  readonly hint: string;
}

/** The first that fits wins: the pooler's words come before the codes that it shares with the server. */
const rules: readonly Rule[] = [
  {
    when: /unsupported startup parameter/i,
    code: 'pooler-startup-parameter',
    title: ({ label }) => `The connection pooler at ${label} refuses a startup parameter`,
    hint: 'Remove options=… from the URL, or use the direct (not pooled) URL.',
  },
  {
    when: /no such database|no such user|Tenant or user not found/i,
    code: 'pooler-unknown-database',
    title: ({ label }) => `The connection pooler at ${label} does not know this database or user`,
    hint: 'Check the name of the database and the user that the pooler expects (some want user.project).',
  },
  {
    when: /^3D000 /,
    code: 'database-missing',
    title: ({ database, host }) => `There is no database ${database ?? ''} on ${host}`,
    hint: 'Check the name at the end of the URL.',
  },
  {
    when: /no more connections allowed|max_client_conn|MaxClientsInSessionMode|^53300 |too many clients|query_wait_timeout/i,
    code: 'too-many-connections',
    title: ({ label }) => `${label} has no free connection`,
    hint: 'Wait, close other clients, or use the pooled URL. One connection is enough.',
  },
  {
    when: /no encryption|SSL off|requires? (SSL|TLS|encryption)|SSL required|connection is insecure/i,
    code: 'tls-required',
    title: ({ label }) => `${label} accepts only encrypted connections`,
    hint: 'Add sslmode=require to the URL.',
  },
  {
    when: /pg_hba\.conf/,
    code: 'not-admitted',
    title: ({ label, user }) => `${label} does not admit ${user ?? 'this user'} from here`,
    hint: "The server's pg_hba.conf (or the provider's list of addresses) decides which user may come from where.",
  },
  {
    when: /does not support SSL connections/i,
    code: 'tls-refused',
    title: ({ label }) => `${label} does not offer encrypted connections`,
    hint: 'Use sslmode=prefer, or sslmode=disable where the network is trusted.',
  },
  {
    when: /certificate|^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|establishing an SSL connection|wrong version number|EPROTO/i,
    code: 'tls-failed',
    title: ({ label }) => `The encrypted connection to ${label} could not be made`,
    hint: 'Give the authority with sslrootcert=<file>, or encrypt without verifying: sslmode=require.',
  },
  {
    when: /client password must be/i,
    code: 'password-missing',
    title: ({ label, user }) => `${label} wants a password${user ? ` for ${user}` : ''} and the URL has none`,
    hint: 'Put it into the URL, or set PGPASSWORD.',
  },
  {
    when: /^28P01 |^28000 |^08P01 .*(auth|password)|SASL|password authentication failed|authentication failed/i,
    code: 'authentication-failed',
    title: ({ label, user }) => `${label} refuses the login${user ? ` of ${user}` : ''}`,
    hint: 'Check user and password; special characters of a password are encoded in a URL (@ is %40, / is %2F, # is %23).',
  },
  {
    when: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_FAIL) /,
    code: 'host-not-found',
    title: ({ host }) => `The host ${host} has no address`,
    hint: 'Check its spelling, the network and the VPN; a host with IPv6 only may need the pooled URL.',
  },
  {
    when: /^(ECONNREFUSED|ENOENT) /,
    code: 'connection-refused',
    title: ({ label }) => `Nothing answers at ${label}`,
    hint: 'Check that the server runs and the port is right.',
  },
  {
    when: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN) |timeout expired|connection timeout/i,
    code: 'connection-timeout',
    title: ({ label }) => `${label} does not answer in time`,
    hint: 'A firewall or an address list may be in the way; connect_timeout=<seconds> in the URL waits longer.',
  },
  {
    when: /^57P03 /,
    code: 'server-starting',
    title: ({ label }) => `${label} does not accept connections yet`,
    hint: 'It is starting, stopping or recovering: try again in a moment.',
  },
  {
    when: /^57P0[124] |^(ECONNRESET|EPIPE|ECONNABORTED) |terminated|server closed|not queryable|server conn crashed/i,
    code: 'connection-lost',
    title: ({ label }) => `The connection to ${label} was lost`,
    hint: 'The server or the pooler ended it: run again; nothing was written.',
  },
  {
    when: /^08P01 /,
    code: 'pooler-refused',
    title: ({ label }) => `The connection pooler at ${label} refuses`,
    hint: 'Look at its message; the direct (not pooled) URL avoids it.',
  },
];

const fallback: Readonly<Record<'connect' | 'query', Rule>> = {
  connect: {
    when: /^/,
    code: 'connection-failed',
    title: ({ label }) => `There is no connection to ${label}`,
    hint: 'Look at the message; psql with the same URL shows whether the server can be reached.',
  },
  query: {
    when: /^/,
    code: 'connection-lost',
    title: ({ label }) => `The connection to ${label} was lost`,
    hint: 'Run again; nothing was written.',
  },
};

/** Node collects the failures of several addresses of one host; any of them tells enough. */
function innermost(error: unknown): Cause {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? { code, message: error.message } : { message: error.message };
}
