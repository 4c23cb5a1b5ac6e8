/** What the report says of routines of several steps, from fixtures that are run elsewhere. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturesFolder } from '../../../support/rule-fixtures.js';
import { planFixture } from '../../../support/translate-fixture.js';

const deadline = 180_000;

async function told(fixture: string, name: string) {
  const { report } = await planFixture(join(fixturesFolder, 'rules', fixture), 'off');
  const routine = report.routines.find((one) => one.name === name);
  if (routine === undefined) throw new Error(`${fixture} has no routine ${name}`);
  const of = (rule: string): readonly string[] =>
    routine.hazards.flatMap((hazard) => (hazard.rule === rule ? [hazard.message] : []));
  return { of, rules: routine.hazards.map(({ rule }) => rule), roundTrips: routine.roundTrips };
}

describe('the hazards of several steps', () => {
  it(
    'names rows that stay locked over round trips of the client, and their number',
    async () => {
      const { of, roundTrips } = await told('locked-row/read-again', 'close_account');
      expect(of('locks-across-round-trips')).toEqual([
        'What it locks or writes stays locked over up to 2 more round trips of the client, COMMIT included; the function held it inside one.',
      ]);
      expect(roundTrips).toEqual({ before: 1, after: 4 });
    },
    deadline,
  );

  it(
    'says nothing of locks where one write is all',
    async () => {
      const { rules, roundTrips } = await told('transactions/one-last-write', 'set_credit');
      expect(rules).not.toContain('locks-across-round-trips');
      expect(roundTrips).toEqual({ before: 1, after: 1 });
    },
    deadline,
  );

  it(
    'names the table that is read without a lock and written later, and no other',
    async () => {
      const { of } = await told('found-test/exists-guard', 'claim_credit');
      expect(of('read-then-write')).toEqual([]);
      const other = await told('found-test/null-value', 'note_of');
      expect(other.of('read-then-write')).toEqual([
        'It reads public.accounts without a lock and writes to it later, as the function did: two calls at once may both pass the test.',
      ]);
      const locked = await told('locked-row/read-again', 'close_account');
      expect(locked.of('read-then-write')).toEqual([]);
    },
    deadline,
  );

  it(
    'names a column with a length that an argument is fitted to sooner than in SQL functions',
    async () => {
      const { of } = await told('several-sql-statements/last-row', 'touch_account');
      expect(of('checked-early')).toEqual([
        'A value that does not fit accounts.note now fails also where no row matches; the routine failed only at a row.',
      ]);
    },
    deadline,
  );

  it(
    'names what an INSERT … SELECT meets before its rows',
    async () => {
      const { of } = await told('insert-select/fitted-argument', 'grant_bonus');
      expect(of('checked-early')).toEqual([
        'A value that does not fit entries.amount fails before any row is read, also where the INSERT gets none. In a session that has run the function more than five times PostgreSQL may meet it at a row instead, behind the errors of that row.',
      ]);
    },
    deadline,
  );

  it(
    'says what becomes of a recursion without an end',
    async () => {
      const sent = await told('call-procedure/recursive', 'steps_down');
      expect(sent.of('recursion')[0]).toContain('sends statements in its open transaction until');
      const pure = await told('recursion/pure', 'common_divisor');
      expect(pure.of('recursion')[0]).toContain('with a RangeError');
    },
    deadline,
  );

  it(
    'names an argument that is read by what the body has set before',
    async () => {
      const { of } = await told('set-local/of-sql', 'day_in_auckland');
      expect(of('set-before-argument')[0]).toMatch(/^It sets timezone before it sends p_moment/);
      const other = await told('set-local/own-setting', 'close_orders');
      expect(other.rules).not.toContain('set-before-argument');
    },
    deadline,
  );

  it(
    'says that a NULL passes a guard only where one can',
    async () => {
      const { of } = await told('guard-raise/null-passes', 'set_credit');
      expect(of('null-passes-guard')).toHaveLength(1);
      const sure = await told('transactions/own-transaction', 'book');
      expect(sure.rules).not.toContain('null-passes-guard');
    },
    deadline,
  );

  it(
    'names rights and triggers',
    async () => {
      const { of } = await told('transactions/client', 'close_account');
      expect(of('security-definer')).toHaveLength(1);
      expect(of('triggers')).toEqual(['Writing to public.accounts fires stamp_account, as before.']);
    },
    deadline,
  );

  it(
    'takes over what is to be known of the tables of a called function',
    async () => {
      const { of } = await told('calls-routine/trigger-of-its-table', 'close_account');
      expect(of('triggers')).toEqual(['Writing to public.accounts fires stamp_account, as before.']);
      expect(of('locks-across-round-trips')).toEqual([
        'What it locks or writes stays locked over up to 3 more round trips of the client, COMMIT included; the function held it inside one.',
      ]);
    },
    deadline,
  );

  it(
    'leaves BEGIN and COMMIT out where the call has its own transaction',
    async () => {
      const { roundTrips } = await told('transactions/own-transaction', 'book');
      expect(roundTrips).toEqual({ before: 1, after: 2 });
    },
    deadline,
  );
});
