/** What no text in the place of a call could do as the call does. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Select } from '../3-parse/statement.js';
import { walk } from '../4-classify/walk-body.js';
import type { InlineInput } from './inline-routine.js';
import { unsupported } from './untranslatable.js';

/** The SELECT that the routine is; throws the refusal otherwise. */
export function refuseInlining({ site, place, verdict, catalog }: InlineInput): Select {
  const { routine } = site;
  const { call } = place;
  const { statement, result } = verdict;
  const runs = call.rows === null ? 'once' : `once a row of ${call.rows}`;
  const effects = effectsOf(statement);
  if (effects.writes !== null) return unsupported(`it writes (${effects.writes}) and runs ${runs}`);
  if (statement.kind !== 'select') return unsupported('it is no SELECT');
  if (effects.locks) return unsupported(`it locks rows and runs ${runs}`);
  if (result.kind === 'void' || site.output.shape === 'void')
    return unsupported(`it returns nothing and runs ${runs}`);
  if (result.strict) return unsupported('INTO STRICT');
  if (aggregatesArgument(statement)) return unsupported('an aggregate of an argument alone');
  refuseVolatile(routine, effects.volatile, runs, place);
  if (call.compared) return unsupported('GROUP BY or DISTINCT compares it with another call of it');
  if (call.form === 'expression' && isRow(routine, catalog)) return unsupported('its result is a row');
  return statement;
}

function isRow({ returnType }: Routine, catalog: Catalog): boolean {
  let type = catalog.types.get(returnType);
  while (type?.kind === 'domain') type = catalog.types.get(type.baseType);
  return type === undefined || type.kind === 'composite' || type.kind === 'pseudo';
}

function refuseVolatile(
  routine: Routine,
  called: string | null,
  runs: string,
  place: InlineInput['place'],
): void {
  const { call } = place;
  if (called !== null && (call.rows !== null || call.form === 'from')) {
    unsupported(`it calls ${called}, which is volatile, and runs ${runs}`);
  }
  if (routine.volatility !== 'volatile') return;
  if (call.rows !== null) unsupported(`it is VOLATILE and runs ${runs}; if it only reads, declare it STABLE`);
  if (call.besideWrites) unsupported('it is VOLATILE and sees what other parts of the statement write');
}

/** An aggregate without a column of the body would become one of the larger statement. */
function aggregatesArgument(body: unknown): boolean {
  let found = false;
  walk(body, null, ({ node }) => {
    if (node.kind !== 'call' || node['aggregate'] !== true || node['over'] !== null) return;
    let columns = false;
    let parameters = false;
    walk([node['arguments'], node['filter']], null, ({ node: inner }) => {
      if (inner.kind === 'column' || inner.kind === 'whole-row') columns = true;
      if (inner.kind === 'parameter') parameters = true;
    });
    if (parameters && !columns) found = true;
  });
  return found;
}

interface Effects {
  readonly writes: string | null;
  readonly locks: boolean;
  readonly volatile: string | null;
}

function effectsOf(body: unknown): Effects {
  let writes: string | null = null;
  let locks = false;
  let volatile: string | null = null;
  walk(body, null, ({ node }) => {
    if (/^(?:insert|update|delete)$/.test(node.kind)) writes ??= node.kind.toUpperCase();
    if (node.kind === 'unsupported-statement') writes ??= String(node['construct']);
    if (node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0) locks = true;
    if (node.kind === 'call' && node['volatile'] === true) volatile ??= `${String(node['name'])}()`;
  });
  return { writes, locks, volatile };
}
