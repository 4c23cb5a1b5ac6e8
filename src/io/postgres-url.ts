/** Takes a PostgreSQL URL apart, with the meaning that libpq gives to its parts. Opens nothing. */
import { MigrateError } from '../errors.js';

export interface PostgresUrl {
  /** Host name, address, or folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string | null;
  readonly password: string | null;
  readonly database: string | null;
  readonly sslMode: SslMode;
  readonly sslRootCert: string | null;
  readonly sslCert: string | null;
  readonly sslKey: string | null;
  readonly connectTimeoutSeconds: number | null;
  /** `options` as written by the user: a startup parameter, which some poolers refuse. */
  readonly options: string | null;
}

/** `no-verify` is node-postgres' own word for `require`. */
const sslModes = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** Without `sslmode`, TLS is tried first, as psql does. Throws `MigrateError` (`bad-url`). */
export function readPostgresUrl(url: string): PostgresUrl {
  const parsed = parse(url);
  const one = (name: string): string | null => parsed.searchParams.get(name) || null;
  const socket = (one('host') ?? '').startsWith('/');
  const mode = one('sslmode') ?? (one('ssl') === 'true' ? 'require' : socket ? 'disable' : 'prefer');
  if (!isSslMode(mode)) {
    throw badUrl(`The database URL has an unknown sslmode`, `sslmode is one of ${sslModes.join(', ')}.`);
  }
  const timeout = Number(one('connect_timeout'));
  return {
    host: (one('host') ?? decoded(parsed.hostname).replace(/^\[(.*)\]$/, '$1')) || 'localhost',
    port: Number(one('port') ?? parsed.port) || 5432,
    user: one('user') ?? (decoded(parsed.username) || null),
    password: one('password') ?? (decoded(parsed.password) || null),
    database: decoded(parsed.pathname.slice(1)) || null,
    sslMode: mode,
    sslRootCert: one('sslrootcert'),
    sslCert: one('sslcert'),
    sslKey: one('sslkey'),
    connectTimeoutSeconds: timeout > 0 ? timeout : null,
    options: one('options'),
  };
}

/** `host:port/name`: what a person may read. Throws `MigrateError` (`bad-url`). */
export function labelOfUrl(url: string): string {
  const { host, port, database, user } = readPostgresUrl(url);
  return `${host.includes(':') ? `[${host}]` : host}:${port}/${database ?? user ?? ''}`;
}

function parse(url: string): URL {
  // A URL for a socket has no host before the path, which the URL standard refuses after a user name.
  const text = url.replace(/^([a-z]+:\/\/[^/?#]*@)\//i, '$1localhost/');
  if (URL.canParse(text)) return new URL(text);
  throw badUrl(
    'The database URL cannot be read',
    'Its form is postgres://user:password@host:5432/name; encode special characters of the password (@ is %40, / is %2F, # is %23).',
  );
}

function badUrl(title: string, hint: string): MigrateError {
  return new MigrateError('bad-url', title, { hint });
}

function isSslMode(text: string): text is SslMode {
  return (sslModes as readonly string[]).includes(text);
}

/** A lone percent sign in a password is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
