import { describe, expect, test } from 'vitest';
import type { Routine } from '../../../src/1-read/catalog.js';
import { placeReason, short } from '../../../src/4-classify/place-reason.js';
import type { RoutineReason } from '../../../src/4-classify/verdict.js';

const source = `
DECLARE
  v_id integer; -- pg_notify stands in a comment
BEGIN
  SELECT a,
    current_setting('app.tenant')
  INTO v_id FROM t;
  PERFORM   pg_advisory_lock(  v_id );
  EXECUTE q;
END`;

const placed = (
  detail: string,
  line: number | null,
  routine: Partial<Routine> = {},
): { readonly line: number | null; readonly text?: string } => {
  const reason: Pick<RoutineReason, 'detail' | 'line' | 'text'> = { detail, line };
  const { line: at, text } = placeReason(reason, { source, sqlBody: null, ...routine } as Routine);
  return { line: at, ...(text === undefined ? {} : { text }) };
};

describe('a reason stands', () => {
  test.each([
    [
      'on the line of a long statement that names it',
      'current_setting()',
      5,
      6,
      "current_setting('app.tenant')",
    ],
    ['on its own line, with single spaces', 'pg_advisory_lock()', 8, 8, 'PERFORM pg_advisory_lock( v_id );'],
    ['on the step where nothing names it', 'a cursor', 9, 9, 'EXECUTE q;'],
    ['on the first statement where no line is known', 'a row as a value', null, 5, 'SELECT a,'],
    [
      'on the call of the routine that it is reached through',
      'uid() through current_setting → b',
      5,
      6,
      "current_setting('app.tenant')",
    ],
    ['never in a comment', 'pg_notify()', 3, 3, 'v_id integer;'],
  ])('%s', (_what, detail, from, line, text) => {
    expect(placed(detail, from)).toEqual({ line, text });
  });

  test('nowhere in a body without lines', () => {
    expect(placed('language c', null, { source: '' })).toEqual({ line: null });
  });

  test('in a body of BEGIN ATOMIC', () => {
    expect(placed('nextval()', null, { sqlBody: "BEGIN ATOMIC\n SELECT nextval('s');\nEND" })).toEqual({
      line: 2,
      text: "SELECT nextval('s');",
    });
  });

  test('as it was placed before', () => {
    expect(placeReason({ detail: 'x', line: 9, text: 'kept' }, { source } as Routine)).toEqual({
      detail: 'x',
      line: 9,
      text: 'kept',
    });
  });
});

test('a text is one line of at most 100 characters', () => {
  expect(short('a\n  b')).toBe('a b');
  expect(short('x'.repeat(101))).toHaveLength(98);
});
