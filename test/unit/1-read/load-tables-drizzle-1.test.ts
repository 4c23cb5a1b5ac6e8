import { describe, expect, it } from 'vitest';
import { readModules } from '../../../src/1-read/load-tables-drizzle-1.js';

/** Columns as 1.0.0-rc.5 describes them. */
const column = (
  name: string,
  columnType: string,
  dataType: string,
  sqlType: string,
  more: object = {},
): object => ({
  name,
  columnType,
  dataType,
  notNull: false,
  getSQLType: () => sqlType,
  ...more,
});

const table = {
  isTable: true,
  columns: {
    firstName: column('first_name', 'PgInteger', 'number int32', 'integer', { notNull: true }),
    tags: column('tags', 'PgText', 'string', 'text', { dimensions: 1 }),
    at: column('at', 'PgTimestamp', 'object date', 'timestamp', { onUpdateFn: () => new Date() }),
    data: column('data', 'PgJsonb', 'object json', 'jsonb'),
    raw: column('raw', 'PgBytea', 'object buffer', 'bytea'),
    key: column('key', 'PgUUID', 'string uuid', 'uuid', { defaultFn: () => '' }),
  },
};

const drizzle = {
  PgTable: 'PgTable',
  is: (value: { isTable?: boolean }) => value.isTable === true,
  getTableColumns: (value: typeof table) => value.columns,
  getTableConfig: () => ({ name: 'people', schema: undefined }),
};

describe('readModules', () => {
  it('answers in the terms of 0.4x, one table for all of its exports', async () => {
    const answer = await readModules({
      modules: [
        { file: '/a.ts', exports: { people: table, other: {}, nothing: null } },
        { file: '/b.ts', exports: { persons: table } },
      ],
      load: async () => drizzle,
    });
    expect(answer).toMatchObject([
      {
        schema: 'public',
        name: 'people',
        places: [
          { file: '/a.ts', exportName: 'people' },
          { file: '/b.ts', exportName: 'persons' },
        ],
      },
    ]);
    expect(
      answer[0]?.columns.map((each) => [
        each.property,
        each.name,
        each.columnType,
        each.dataType,
        each.sqlType,
      ]),
    ).toEqual([
      ['firstName', 'first_name', 'PgInteger', 'number', 'integer'],
      ['tags', 'tags', 'PgArray', 'array', 'text[]'],
      ['at', 'at', 'PgTimestamp', 'date', 'timestamp'],
      ['data', 'data', 'PgJsonb', 'json', 'jsonb'],
      ['raw', 'raw', 'PgBytea', 'buffer', 'bytea'],
      ['key', 'key', 'PgUUID', 'string', 'uuid'],
    ]);
    expect(
      answer[0]?.columns.map(({ notNull, runtimeDefault, onUpdate }) => [notNull, runtimeDefault, onUpdate]),
    ).toEqual([
      [true, false, false],
      [false, false, false],
      [false, false, true],
      [false, false, false],
      [false, false, false],
      [false, true, false],
    ]);
  });
});
