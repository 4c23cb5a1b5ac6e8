/** What a function's name alone says of its effect: session state, effects outside, the caller's identity. */
import type { ReasonId } from '../reasons.js';

export interface NamedFunction {
  readonly schema: string | null;
  readonly name: string;
  /** Text of a literal third argument of set_config: only `true` stays inside the transaction. */
  readonly local: boolean;
}

const SESSION =
  /^(pg_(try_)?advisory_(lock|unlock)(_shared|_all)?|currval|lastval|pg_listening_channels|pg_backend_pid|pg_my_temp_schema|current_schemas?)$/;
const OUTSIDE =
  /^(dblink.*|http(_.*)?|pg_background.*|lo_(import|export)|pg_(read|ls|stat)_(binary_)?(file|dir|logdir|waldir)|pg_(cancel|terminate)_backend|pg_reload_conf|pg_rotate_logfile)$/;
const IDENTITY =
  /^(current_setting|has_\w+_privilege|pg_has_role|row_security_active|inet_client_(addr|port))$/;

/** The reason that calling this function gives, or null. A user's own routine is judged by its body instead. */
export function reasonOfFunction(called: NamedFunction): ReasonId | null {
  const { schema, name } = called;
  if (schema === 'auth' && /^(uid|jwt|role|email)$/.test(name)) return 'identity';
  if (schema === 'net' && /^http_/.test(name)) return 'external-effect';
  if (name === 'set_config') return called.local ? null : 'session-state';
  if (SESSION.test(name)) return 'session-state';
  if (OUTSIDE.test(name)) return 'external-effect';
  return IDENTITY.test(name) ? 'identity' : null;
}

/** CURRENT_USER and its kin. */
export function reasonOfValueFunction(name: string): ReasonId | null {
  if (/^(current_user|session_user|user|current_role|system_user)$/.test(name)) return 'identity';
  return name === 'current_schema' ? 'session-state' : null;
}
