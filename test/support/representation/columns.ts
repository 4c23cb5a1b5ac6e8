/** Every column that Drizzle offers, by the PostgreSQL type it stands for. */
import type * as pgCore from 'drizzle-orm/pg-core';

/** Builders of either line; what a line lacks is left out. */
export type PgCore = typeof pgCore;

export interface ColumnBuilder {
  array(): ColumnBuilder;
}

export interface ColumnCase {
  /** The builder call, for the test's name. */
  readonly label: string;
  readonly type: string;
  readonly build: (pg: PgCore) => ColumnBuilder;
}

type Builders = Readonly<Record<string, ((...given: readonly unknown[]) => ColumnBuilder) | undefined>>;

const plain = (type: string, name: string, config?: object): ColumnCase => ({
  label: `${name}(${config === undefined ? '' : JSON.stringify(config)})`,
  type,
  build: (pg) => {
    const builder = (pg as unknown as Builders)[name];
    if (builder === undefined) throw new MissingBuilder(name);
    return config === undefined ? builder('v') : builder('v', config);
  },
});

/** A line of Drizzle has no such builder. */
export class MissingBuilder extends Error {}

const scalars: readonly ColumnCase[] = [
  plain('int2', 'smallint'),
  plain('int2', 'smallserial'),
  plain('int4', 'integer'),
  plain('int4', 'serial'),
  plain('int8', 'bigint', { mode: 'number' }),
  plain('int8', 'bigint', { mode: 'bigint' }),
  plain('int8', 'bigint', { mode: 'string' }),
  plain('int8', 'bigserial', { mode: 'number' }),
  plain('int8', 'bigserial', { mode: 'bigint' }),
  plain('numeric', 'numeric'),
  plain('numeric', 'numeric', { mode: 'number' }),
  plain('numeric', 'numeric', { mode: 'bigint' }),
  plain('numeric(12, 2)', 'decimal', { precision: 12, scale: 2 }),
  plain('float4', 'real'),
  plain('float8', 'doublePrecision'),
  plain('bool', 'boolean'),
  plain('text', 'text'),
  plain('varchar(20)', 'varchar', { length: 20 }),
  plain('char(4)', 'char', { length: 4 }),
  plain('uuid', 'uuid'),
  plain('date', 'date'),
  plain('date', 'date', { mode: 'date' }),
  plain('time', 'time'),
  plain('timetz', 'time', { withTimezone: true }),
  plain('timestamp', 'timestamp'),
  plain('timestamp', 'timestamp', { mode: 'string' }),
  plain('timestamptz', 'timestamp', { withTimezone: true }),
  plain('timestamptz', 'timestamp', { withTimezone: true, mode: 'string' }),
  plain('interval', 'interval'),
  plain('json', 'json'),
  plain('jsonb', 'jsonb'),
  plain('bytea', 'bytea'),
  plain('inet', 'inet'),
  plain('cidr', 'cidr'),
  plain('macaddr', 'macaddr'),
  plain('macaddr8', 'macaddr8'),
  plain('bit(3)', 'bit', { dimensions: 3 }),
  plain('point', 'point'),
  plain('point', 'point', { mode: 'xy' }),
  plain('line', 'line'),
  plain('line', 'line', { mode: 'abc' }),
  plain('vector(3)', 'vector', { dimensions: 3 }),
  plain('halfvec(3)', 'halfvec', { dimensions: 3 }),
  plain('sparsevec(3)', 'sparsevec', { dimensions: 3 }),
  { label: 'pgEnum', type: 'mood', build: (pg) => pg.pgEnum('mood', ['sad', 'ok', 'happy day'])('v') },
  {
    label: 'pgEnum of an object',
    type: 'mood',
    build: (pg) => pg.pgEnum('mood', { Sad: 'sad', Ok: 'ok' })('v'),
  },
  ...['text', 'money', 'citext', 'tsvector', 'int4range', 'pair', 'amount'].flatMap(custom),
];

/** A type of the user's own, once without functions and once with. */
function custom(type: string): readonly ColumnCase[] {
  const build = (functions: object) => (pg: PgCore) =>
    pg.customType<{ data: string }>({ dataType: () => type, ...functions })('v') as unknown as ColumnBuilder;
  const functions = { fromDriver: (value: unknown) => `<${String(value)}>`, toDriver: () => '0' };
  return [
    { label: `customType(${type})`, type, build: build({}) },
    { label: `customType(${type}) with functions`, type, build: build(functions) },
  ];
}

export const columnCases: readonly ColumnCase[] = [
  ...scalars,
  ...scalars
    .filter(({ label }) => !/serial/.test(label))
    .map(({ label, type, build }) => ({
      label: `${label}.array()`,
      type: `${type}[]`,
      build: (pg: PgCore) => build(pg).array(),
    })),
];
