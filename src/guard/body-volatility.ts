/** A routine that is marked more harmless than it is. */
import type { Routine } from '../1-read/catalog.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { bodyRule, type BodyFact } from './bodies/body-rule.js';
import { candidatesFor } from './bodies/candidates.js';
import { nameOf, reach, type Reached } from './bodies/reach.js';
import { emptyReading, type CallUse } from './bodies/read-text.js';

export const bodyVolatility = bodyRule({
  id: 'body-volatility',
  title: 'A routine is marked STABLE or IMMUTABLE and is not',
  help: 'Mark it as what it is with ALTER FUNCTION … VOLATILE (or STABLE), then look at the indexes and generated columns that use it.',
  judge: ({ reached, database }) => reached.slice(1).flatMap((one) => lies(one, database)),
});

/** Differ from call to call; all but nextval and setval only in what they give. */
const volatileBuiltins =
  /^(?:random|random_normal|gen_random_uuid|uuidv[47]|uuid_generate_v[14]|clock_timestamp|timeofday|nextval|setval|set_config|pg_(?:try_)?advisory_\w*lock\w*|pg_notify|txid_current|pg_current_xact_id)$/;
/** Fixed within a statement, not for ever. */
const stableBuiltins = /^(?:now|transaction_timestamp|statement_timestamp|current_setting)$/;

function lies(one: Reached, database: BodyDatabase): readonly BodyFact[] {
  const { routine, reading } = one;
  if (routine === null || routine.volatility === 'volatile') return [];
  const marked = routine.volatility.toUpperCase();
  const tell = (line: number, what: string): readonly BodyFact[] => [{ reached: one, line, what }];
  const write = reading.relations.find(({ use }) => use !== 'select');
  if (write !== undefined)
    return tell(write.line, `${write.use.toUpperCase()} in a function marked ${marked} is refused (0A000)`);
  const [lock] = reading.locks;
  if (lock !== undefined) return tell(lock, `a lock in a function marked ${marked} is refused (0A000)`);
  const changing = reading.calls.find(({ schema, name }) => builtin(schema) && volatileBuiltins.test(name));
  if (changing !== undefined)
    return tell(
      changing.line,
      `it calls ${changing.name} and is marked ${marked}: the planner may run it once for many rows, or not at all`,
    );
  const writer = reading.calls
    .flatMap((call) =>
      candidatesFor(database, call, one.searchPath).map(({ routine: callee }) => ({ call, callee })),
    )
    .find(({ call, callee }) => callee.volatility === 'volatile' && writes(database, call, callee));
  if (writer !== undefined)
    return tell(
      writer.call.line,
      `it calls ${nameOf(writer.callee)}, which writes, and is marked ${marked}: the planner may run it once for many rows, or not at all`,
    );
  if (routine.volatility !== 'immutable') return [];
  const fixed = 'it is folded when a statement is planned, and an index or a kept plan holds the old value';
  const read = reading.relations[0];
  if (read !== undefined) return tell(read.line, `it reads ${read.name} and is marked IMMUTABLE: ${fixed}`);
  const clock = reading.calls.find(({ schema, name }) => builtin(schema) && stableBuiltins.test(name));
  if (clock !== undefined)
    return tell(clock.line, `it calls ${clock.name} and is marked IMMUTABLE: ${fixed}`);
  const [who] = reading.identities;
  return who === undefined ? [] : tell(who.line, `it asks for ${who.name} and is marked IMMUTABLE: ${fixed}`);
}

function builtin(schema: string | null): boolean {
  return schema === null || schema === 'pg_catalog';
}

/** Whether what the call reaches changes a row. */
function writes(database: BodyDatabase, call: CallUse, { schema }: Routine): boolean {
  return reach(database, { ...emptyReading, calls: [{ ...call, schema }] }).some(({ reading }) =>
    reading.relations.some(({ use }) => use !== 'select'),
  );
}
