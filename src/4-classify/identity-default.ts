/** A column's default that is one thing of the caller's identity, as `pg_get_expr` prints it. */
import type { IdentitySource } from '../1-read/catalog.js';
import { claimKey } from './identity-source.js';

const text = 25;

/** Null: it reads nothing of the caller, or more than one value can stand for. */
export function defaultSource(printed: string): IdentitySource | null {
  const plain = unwrapped(printed.trim());
  const [, called] = /^auth\.(uid|role|email)\(\)$/.exec(plain) ?? [];
  if (called !== undefined) {
    const path = called === 'uid' ? 'sub' : called;
    const type = called === 'uid' ? 2950 : text;
    return { kind: 'claim', key: `auth.${called}()`, path: [path], type, required: false };
  }
  const [, claim] = /^auth\.jwt\(\) ->> '((?:[^']|'')*)'::text$/.exec(plain) ?? [];
  if (claim !== undefined) {
    const path = [claim.replaceAll("''", "'")];
    return { kind: 'claim', key: claimKey(path, 'text'), path, type: text, required: false };
  }
  const [, setting, missing] = /^current_setting\('([\w.]+)'::text(, true)?\)$/.exec(plain) ?? [];
  if (setting?.includes('.') === true) {
    const required = missing === undefined;
    return { kind: 'setting', key: `current_setting('${setting}')`, path: [setting], type: text, required };
  }
  const role = plain.toLowerCase();
  return role === 'current_user' || role === 'session_user'
    ? { kind: 'role', key: role, path: [role], type: text, required: true }
    : null;
}

/** `(x)` is x. */
function unwrapped(printed: string): string {
  const inner = /^\((.*)\)$/.exec(printed)?.[1];
  return inner !== undefined && !inner.includes('(')
    ? inner
    : inner?.startsWith('auth.jwt()')
      ? inner
      : printed;
}
