/** Reasons that steps and statements outside the tree give, by the name of their construct. */
import type { ReasonId } from '../reasons.js';
import type { Visited } from './walk-body.js';
import type { RoutineReason } from './verdict.js';

const BY_CONSTRUCT: readonly (readonly [RegExp, ReasonId])[] = [
  [/^(EXECUTE|RETURN QUERY EXECUTE|FOR … IN EXECUTE|DO)$/, 'dynamic-sql'],
  [
    /^(COMMIT|ROLLBACK|BEGIN|START|SAVEPOINT|RELEASE|PREPARE|COMMIT PREPARED|ROLLBACK .*)$/,
    'transaction-control',
  ],
  [/^(OPEN|FETCH|MOVE|CLOSE|FOR … IN cursor|DECLARE CURSOR)$/, 'cursor'],
  [/^(CREATE TEMPORARY TABLE( AS)?)$/, 'temp-table'],
  [
    /^(SET(?! (LOCAL|CONSTRAINTS|TRANSACTION)\b).*|RESET.*|DISCARD|LISTEN|UNLISTEN|LOAD|DEALLOCATE|EXECUTE of a prepared statement)$/,
    'session-state',
  ],
  [/^(COPY)$/, 'external-effect'],
  [
    /^(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|REINDEX|CLUSTER|VACUUM|REFRESH|SELECT INTO|SECURITY LABEL|REASSIGN|IMPORT|DEFINE|RULE|INDEX|VIEW)\b/,
    'ddl',
  ],
];

export function constructReason({ node, line }: Visited): RoutineReason | null {
  if (node.kind !== 'unsupported-step' && node.kind !== 'unsupported-statement') return null;
  const construct = String(node['construct']);
  const id = BY_CONSTRUCT.find(([pattern]) => pattern.test(construct))?.[1];
  return id
    ? { id, detail: withText(construct, typeof node['sql'] === 'string' ? node['sql'] : ''), line }
    : null;
}

/** What was written, begun with the construct's name, or behind it where it is written otherwise. */
function withText(construct: string, sql: string): string {
  const text = sql.replace(/\s+/g, ' ').trim();
  const short = text.length > 100 ? `${text.slice(0, 97)}…` : text;
  if (text.toUpperCase().startsWith(construct.toUpperCase()))
    return construct + short.slice(construct.length);
  return text === '' ? construct : `${construct}: ${short}`;
}
