/** The claims of a request's token, signed with HS256 (sections "Authentication" and "JWT claims validation"). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { refusal } from './failure.js';

export interface Claims extends Readonly<Record<string, unknown>> {
  readonly role: string;
}

export interface Roles {
  readonly anonymous: string;
  readonly secret: string;
}

/** Without a token the claims are those of the anonymous role. */
export function readClaims(authorization: string | null, { anonymous, secret }: Roles): Claims {
  const token = /^bearer (.*)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return { role: anonymous };
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) {
    throw refusal('PGRST301', `Expected 3 parts in JWT; got ${parts.length}`);
  }
  const expected = Buffer.from(signatureOf(`${header}.${payload}`, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refusal('PGRST301', 'JWSError JWSInvalidSignature');
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  if (typeof claims.exp === 'number' && claims.exp * 1000 < Date.now())
    throw refusal('PGRST303', 'JWT expired');
  return { ...claims, role: typeof claims.role === 'string' ? claims.role : anonymous };
}

export function signToken(claims: object, secret: string): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, secret)}`;
}

function signatureOf(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
