/**
 * SET LOCAL and NOTIFY as the queries that do the same inside one transaction: `set_config(…, true)` and `pg_notify`
 * (PostgreSQL manual, 9.28.1 and NOTIFY), which a driver can send with other statements.
 */
import type { Routine } from '../1-read/catalog.js';
import { parseSqlText, type Node, type NotifyStmt, type VariableSetStmt } from '../sql/parse-body.js';
import { quoteLiteral } from '../sql/quote-literal.js';

/**
 * The query's text, or null where none does the same. A routine that is not volatile is refused both statements, but
 * not the functions. A setting that the routine's own SET clause has too is taken back when the routine ends. The
 * role, the search path and what is set once a transaction mean more than the statements after them.
 */
export function utilityAsQuery(sql: string, routine: Routine): string | null {
  if (routine.volatility !== 'volatile' || !/^\s*(?:set|notify)\b/i.test(sql)) return null;
  const parsed = parseSqlText(sql);
  const node = parsed.ok && parsed.statements.length === 1 ? parsed.statements[0]?.node : undefined;
  if (node === undefined) return null;
  if ('NotifyStmt' in node) return notification(node.NotifyStmt);
  return 'VariableSetStmt' in node ? setting(node.VariableSetStmt, routine) : null;
}

/** Settings that change what names mean, who acts, or the transaction itself. */
export function isOfMoreThanValues(name: string): boolean {
  return /^(?:role|session_authorization|search_path|session_replication_role|transaction_\w+|standard_conforming_strings)$/i.test(
    name,
  );
}

function notification({ conditionname, payload }: NotifyStmt): string | null {
  return conditionname === undefined
    ? null
    : `select pg_notify(${quoteLiteral(conditionname)}, ${quoteLiteral(payload ?? '')})`;
}

function setting(
  { kind, name, args, is_local: local }: VariableSetStmt,
  { configuration }: Routine,
): string | null {
  if (kind !== 'VAR_SET_VALUE' || local !== true || name === undefined || isOfMoreThanValues(name))
    return null;
  if (configuration.some((own) => own.toLowerCase().startsWith(`${name.toLowerCase()}=`))) return null;
  const [only, ...others] = args ?? [];
  const value = only === undefined || others.length > 0 ? null : constant(only);
  return value === null ? null : `select set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`;
}

function constant(node: Node): string | null {
  if (!('A_Const' in node)) return null;
  const { sval, ival, fval } = node.A_Const;
  if (sval !== undefined) return sval.sval ?? '';
  if (fval !== undefined) return fval.fval ?? null;
  return ival === undefined ? null : String(ival.ival ?? 0);
}
