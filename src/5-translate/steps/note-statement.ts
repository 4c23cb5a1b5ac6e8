/** What a person should know of the statements of a body, seen together. */
import type { Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import { earlyChecks, laterChecks } from '../early-checks.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { tell } from './hazards.js';
import { isWrite } from './send.js';

/** Tells of locks, of rows that are read without a lock and written later, and of what is checked sooner. */
export function noteStatement(statement: Statement, context: StepsContext, flow: Flow): void {
  const { routine, catalog } = context.input;
  // PL/pgSQL plans a statement with the values of its variables too, and checks them as early.
  const checks = routine.language === 'sql' ? earlyChecks : laterChecks;
  for (const { rule, message } of checks(statement, catalog)) tell(context, rule, message);
  const locks = lockedIn(statement);
  const writes = isWrite(statement);
  if (locks || writes) flow.locked ??= flow.statements;
  const tables = tablesIn(statement);
  if (writes) {
    const raced = tables.filter((name) => flow.unlocked.has(name));
    for (const name of raced) {
      tell(
        context,
        'read-then-write',
        `It reads ${name} without a lock and writes to it later, as the function did: two calls at once may both pass the test.`,
      );
    }
  } else if (!locks) for (const name of tables) flow.unlocked.add(name);
}

function lockedIn(statement: Statement): boolean {
  let found = false;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0) found = true;
    if (node.kind === 'call' && /^pg_advisory_xact_lock/.test(String(node['name']))) found = true;
  });
  return found;
}

function tablesIn(statement: Statement): readonly string[] {
  const names = new Set<string>();
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && 'oid' in node)
      names.add(`${String(node['schema'])}.${String(node['table'])}`);
  });
  return [...names];
}

/** The tables that an expression reads by itself. */
export function noteRead(tree: unknown, flow: Flow): void {
  walk(tree, null, ({ node }) => {
    if (node.kind === 'table' && 'oid' in node)
      flow.unlocked.add(`${String(node['schema'])}.${String(node['table'])}`);
  });
}
