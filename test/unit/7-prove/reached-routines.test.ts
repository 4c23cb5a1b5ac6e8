import { describe, expect, it } from 'vitest';
import type { Catalog, Routine } from '../../../src/1-read/catalog.js';
import { callsOut, notifiedChannels, reachedRoutines } from '../../../src/7-prove/reached-routines.js';

const routine = (name: string, source: string, returnType = 2278): Routine =>
  ({ name, schema: 'public', source, returnType }) as Routine;

function catalogOf(...routines: Routine[]): Catalog {
  return { routines, types: new Map([[2279, { name: 'trigger' }]]) } as unknown as Catalog;
}

describe('reachedRoutines', () => {
  const leaf = routine('leaf', `SELECT 1`);
  const middle = routine('middle', `BEGIN PERFORM leaf(); END`);
  const top = routine('top', `BEGIN PERFORM public.middle(); -- other()\n END`);
  const other = routine('other', 'SELECT 2');
  const trigger = routine('on_write', `BEGIN PERFORM other(); RETURN NEW; END`, 2279);

  it('follows calls through others, and not those in comments', () => {
    const reached = reachedRoutines(top, catalogOf(leaf, middle, top, other, trigger));
    expect(reached.map(({ name }) => name)).toEqual(['top', 'middle', 'leaf']);
  });

  it('counts triggers where something is written', () => {
    const writer = routine('writer', `BEGIN INSERT INTO t VALUES (1); END`);
    const reached = reachedRoutines(writer, catalogOf(leaf, writer, other, trigger));
    expect(reached.map(({ name }) => name)).toEqual(['writer', 'on_write', 'other']);
  });
});

describe('callsOut', () => {
  it.each([
    [`PERFORM dblink_exec('host=x', 'DELETE FROM t')`, 'f calls out: dblink_exec'],
    [`SELECT net.http_post(url := 'https://example.org')`, 'f calls out: net.http_post'],
    [`SELECT content FROM http_get('https://example.org')`, 'f calls out: http_get'],
    [`COPY t TO PROGRAM 'curl example.org'`, 'f calls out: COPY t TO PROGRAM'],
    [`SELECT pg_read_file('/etc/passwd')`, 'f calls out: pg_read_file'],
  ])('names %s', (source, sentence) => {
    expect(callsOut([routine('f', source)])).toBe(sentence);
  });

  it.each(['SELECT http_status FROM answers', '-- dblink(1)\nSELECT 1', 'UPDATE copies SET program = 1'])(
    'has nothing against %s',
    (source) => {
      expect(callsOut([routine('f', source)])).toBeNull();
    },
  );
});

describe('notifiedChannels', () => {
  it('reads literal names', () => {
    const source = `PERFORM pg_notify('jobs', v); NOTIFY "Odd name"; NOTIFY plain, 'x';`;
    expect(notifiedChannels([routine('f', source)])).toEqual(['"jobs"', '"Odd name"', 'plain']);
  });

  it('does not guess names that are computed', () => {
    expect(notifiedChannels([routine('f', `PERFORM pg_notify('jobs_' || queue, v)`)])).toBeNull();
    expect(notifiedChannels([routine('f', `PERFORM pg_notify(channel, v)`)])).toBeNull();
  });
});
