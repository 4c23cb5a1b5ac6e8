import { expect, test } from 'vitest';
import { connectionFailure, withoutPassword } from '../../../src/io/connection-failure.js';
import { labelOfUrl, readPostgresUrl } from '../../../src/io/postgres-url.js';

const password = 'p@ss w%rd/1';
const target = { label: 'db.example:5432/app', host: 'db.example', user: 'ada', database: 'app', password };

function failing(code: string | undefined, message: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test.each([
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND db.example', 'host-not-found'],
  ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN db.example', 'host-not-found'],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:5432', 'connection-refused'],
  ['ETIMEDOUT', 'connect ETIMEDOUT', 'connection-timeout'],
  [undefined, 'timeout expired', 'connection-timeout'],
  ['ECONNRESET', 'read ECONNRESET', 'connection-lost'],
  [undefined, 'Connection terminated unexpectedly', 'connection-lost'],
  ['57P01', 'terminating connection due to administrator command', 'connection-lost'],
  ['57P03', 'the database system is starting up', 'server-starting'],
  ['28P01', 'password authentication failed for user "ada"', 'authentication-failed'],
  ['28000', 'role "ada" is not permitted to log in', 'authentication-failed'],
  [
    '28000',
    'no pg_hba.conf entry for host "1.2.3.4", user "ada", database "app", no encryption',
    'tls-required',
  ],
  [
    '28000',
    'no pg_hba.conf entry for host "1.2.3.4", user "ada", database "app", SSL encryption',
    'not-admitted',
  ],
  [undefined, 'The server does not support SSL connections', 'tls-refused'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'tls-failed'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', `Hostname/IP does not match certificate's altnames`, 'tls-failed'],
  [
    undefined,
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string',
    'password-missing',
  ],
  ['3D000', 'database "app" does not exist', 'database-missing'],
  ['53300', 'sorry, too many clients already', 'too-many-connections'],
  ['08P01', 'no more connections allowed (max_client_conn)', 'too-many-connections'],
  ['XX000', 'MaxClientsInSessionMode: max clients reached', 'too-many-connections'],
  ['08P01', 'no such database: app', 'pooler-unknown-database'],
  ['XX000', 'Tenant or user not found', 'pooler-unknown-database'],
  ['08P01', 'unsupported startup parameter: options', 'pooler-startup-parameter'],
  ['08P01', 'SASL authentication failed', 'authentication-failed'],
  ['08P01', 'server login has been failing, try again later (server_login_retry)', 'pooler-refused'],
  ['EWHATEVER', 'something new', 'connection-failed'],
])('%s %s', (code, message, expected) => {
  const failure = connectionFailure(failing(code, message), target, 'connect');
  expect(failure).toMatchObject({ code: expected, exitCode: 2 });
  expect(failure.detail).toContain(message);
  expect(failure.hint).toMatch(/\.$/);
});

test('of the failures of several addresses one is told', () => {
  const both = new AggregateError([
    failing('ECONNREFUSED', 'connect ECONNREFUSED ::1:5432'),
    failing('ECONNREFUSED', 'x'),
  ]);
  expect(connectionFailure(both, target, 'connect').code).toBe('connection-refused');
});

test('whatever breaks a connection that worked has lost it', () => {
  expect(connectionFailure(failing(undefined, 'anything'), target, 'query').code).toBe('connection-lost');
});

test.each([password, encodeURIComponent(password), encodeURI(password)])(
  'the password does not pass: %s',
  (spelling) => {
    const failure = connectionFailure(
      failing('ENOTFOUND', `getaddrinfo ENOTFOUND ${spelling}@host`),
      target,
      'connect',
    );
    expect(`${failure.title} ${failure.detail} ${failure.hint}`).not.toContain(spelling);
    expect(failure.cause).toBeUndefined();
    expect(withoutPassword('nothing to hide', null)).toBe('nothing to hide');
  },
);

test('a URL is read as libpq reads it', () => {
  expect(
    readPostgresUrl(
      'postgres://ada:p%40ss@[::1]:6543/my%20db?sslmode=verify-ca&sslrootcert=/ca.pem&connect_timeout=3',
    ),
  ).toEqual({
    host: '::1',
    port: 6543,
    user: 'ada',
    password: 'p@ss',
    database: 'my db',
    sslMode: 'verify-ca',
    sslRootCert: '/ca.pem',
    sslCert: null,
    sslKey: null,
    connectTimeoutSeconds: 3,
    options: null,
  });
  expect(readPostgresUrl('postgres://ada:100%@h/d')).toMatchObject({
    password: '100%',
    sslMode: 'prefer',
    port: 5432,
  });
  expect(readPostgresUrl('postgresql:///d?host=/run/pg')).toMatchObject({
    host: '/run/pg',
    sslMode: 'disable',
    user: null,
  });
  expect(labelOfUrl('postgres://ada:p%40ss@[::1]/d')).toBe('[::1]:5432/d');
  expect(() => readPostgresUrl('postgres://ada:secret@h/d?sslmode=maybe')).toThrow('unknown sslmode');
});
