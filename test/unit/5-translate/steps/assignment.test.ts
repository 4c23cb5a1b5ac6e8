import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../../src/1-read/catalog.js';
import { readCatalog } from '../../../../src/1-read/read-catalog.js';
import { assignmentTo } from '../../../../src/5-translate/steps/assignment.js';
import { carrier } from '../../../../src/5-translate/steps/carrier.js';
import { Untranslatable } from '../../../../src/5-translate/untranslatable.js';
import { startEmbedded } from '../../../../src/io/embedded-database.js';

let catalog: Catalog;

beforeAll(async () => {
  const db = await startEmbedded({ extensions: [] });
  try {
    await db.query(`
      CREATE TYPE mood AS ENUM ('low', 'high');
      CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
      CREATE DOMAIN code AS varchar(3);
    `);
    catalog = await readCatalog(db);
  } finally {
    await db.terminate();
  }
}, 60_000);

const oid = (name: string): number =>
  [...catalog.types.values()].find((type) => type.name === name)?.oid ?? 0;
const cast = (from: string | null, to: string, typmod = -1): string =>
  assignmentTo(catalog, from === null ? null : oid(from), { type: oid(to), typmod }).cast;

describe('assignmentTo', () => {
  it.each([
    ['int4', 'int4', ''],
    ['numeric', 'int4', '::integer'],
    ['text', 'int4', '::integer'],
    ['int4', 'text', '::text'],
    ['text', 'mood', '::public.mood'],
    ['int4', 'positive', '::public.positive'],
    ['text', 'positive', '::public.positive'],
    ['timestamptz', 'date', '::date'],
    ['_text', '_int4', '::integer[]'],
    ['text', 'bpchar', '::bpchar'],
  ])('casts %s to %s', (from, to, expected) => {
    expect(cast(from, to)).toBe(expected);
  });

  it('reads the text where the explicit cast is not the assignment', () => {
    expect(cast('jsonb', 'int4')).toBe('::text::integer');
    expect(cast('int4', 'bool')).toBe('::text::boolean');
  });

  it('writes precisions', () => {
    expect(cast('numeric', 'numeric', ((12 << 16) | 2) + 4)).toBe('::numeric(12, 2)');
    expect(cast('text', 'timestamp', 0)).toBe('::timestamp(0)');
    expect(cast('text', 'time', 3)).toBe('::time(3)');
  });

  it('checks a length, which a cast would cut', () => {
    const how = assignmentTo(catalog, oid('text'), { type: oid('varchar'), typmod: 9 });
    expect(how.cast).toBe('');
    expect(how.check?.({ kind: 'local', name: 'note' })).toMatchObject({
      callee: { name: 'varchar' },
      arguments: [{ name: 'note' }, { text: '5' }],
    });
    const padded = assignmentTo(catalog, oid('int4'), { type: oid('bpchar'), typmod: 7 });
    expect(padded.cast).toBe('::text');
    expect(padded.check?.({ kind: 'local', name: 'code' })).toMatchObject({
      callee: { name: 'character' },
      arguments: [{ name: 'code' }, { text: '3' }],
    });
  });

  it.each([
    ['bool', 'int4'],
    ['text', 'code'],
    ['int4', 'bpchar'],
  ])('refuses %s to %s', (from, to) => {
    expect(() => cast(from, to)).toThrow(Untranslatable);
  });

  it('tells what cannot fail', () => {
    const mayFail = (from: string, to: string): boolean =>
      assignmentTo(catalog, oid(from), { type: oid(to), typmod: -1 }).mayFail;
    expect([mayFail('int4', 'int8'), mayFail('int4', 'numeric'), mayFail('numeric', 'text')]).toEqual([
      false,
      false,
      false,
    ]);
    expect([mayFail('int8', 'int4'), mayFail('text', 'int4'), mayFail('int4', 'positive')]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('carrier', () => {
  it.each([
    ['int4', 'number', true],
    ['int8', 'string', true],
    ['bool', 'boolean', true],
    ['mood', 'string', true],
    ['jsonb', 'string', false],
    ['_text', 'string', false],
    ['bytea', 'string', false],
  ])('carries %s as a %s', (name, type, raw) => {
    expect(carrier(catalog, oid(name), 'node-postgres')).toEqual({ type, raw });
  });
});
