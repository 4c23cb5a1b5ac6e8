/**
 * The Drizzle tables that a schema taken from the database has: real table objects, and what the reading of a
 * project's schema says of them. Nothing is written.
 */
import { getTableColumns } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { camelCase } from '../../dist/5-translate/names.js';

/** Path that the tables are imported from. */
export const schemaFile = '/coverage/schema.ts';

/**
 * Tables and views alike, as tables.
 * @param {import('../../dist/1-read/catalog.js').Catalog} catalog
 */
export function drizzleSchema(catalog) {
  const objects = {};
  const tables = [];
  const kinds = ['table', 'partitioned-table', 'view', 'materialized-view', 'foreign-table'];
  const relations = catalog.relations.filter(({ kind }) => kinds.includes(kind));
  for (const [index, relation] of relations.entries()) {
    const { schema, name } = relation;
    const exportName = `${camelCase(name).replace(/\W/g, '_')}${index}`;
    const columns = columnBuilders(relation, catalog);
    const table = schema === 'public' ? pg.pgTable(name, columns) : pg.pgSchema(schema).table(name, columns);
    objects[exportName] = table;
    tables.push({
      file: schemaFile,
      exportName,
      schema,
      name,
      columns: Object.entries(getTableColumns(table)).map(described),
      origin: 'loaded',
    });
  }
  return { objects, tables };
}

function columnBuilders({ columns }, catalog) {
  const used = new Set();
  return Object.fromEntries(
    columns.map((column) => {
      let property = camelCase(column.name);
      while (used.has(property)) property += '_';
      used.add(property);
      const builder = columnBuilder(column.name, column.type, column.typmod, catalog);
      return [property, column.notNull ? builder.notNull() : builder];
    }),
  );
}

function columnBuilder(name, oid, typmod, catalog) {
  const type = catalog.types.get(oid);
  if (type === undefined) return pg.customType({ dataType: () => 'unknown' })(name);
  if (type.kind === 'enum' && type.enumLabels.length > 0) {
    const labels = [...type.enumLabels];
    const made =
      type.schema === 'public'
        ? pg.pgEnum(type.name, labels)
        : pg.pgSchema(type.schema).enum(type.name, labels);
    return made(name);
  }
  if (type.category === 'A' && type.element !== 0 && type.kind === 'base') {
    return columnBuilder(name, type.element, typmod, catalog).array();
  }
  const make = type.schema === 'pg_catalog' ? builders[type.name] : undefined;
  return make === undefined ? pg.customType({ dataType: () => type.sqlName })(name) : make(name);
}

/** As drizzle-kit writes them: dates and timestamps as text, bigint as number. */
const builders = {
  int2: pg.smallint,
  int4: pg.integer,
  int8: (name) => pg.bigint(name, { mode: 'number' }),
  float4: pg.real,
  float8: pg.doublePrecision,
  numeric: pg.numeric,
  bool: pg.boolean,
  text: pg.text,
  varchar: pg.varchar,
  bpchar: pg.char,
  uuid: pg.uuid,
  json: pg.json,
  jsonb: pg.jsonb,
  date: pg.date,
  time: pg.time,
  timestamp: (name) => pg.timestamp(name, { mode: 'string' }),
  timestamptz: (name) => pg.timestamp(name, { withTimezone: true, mode: 'string' }),
  interval: pg.interval,
  inet: pg.inet,
  cidr: pg.cidr,
  macaddr: pg.macaddr,
};

function described([property, column]) {
  return {
    property,
    name: column.name,
    columnType: column.columnType,
    dataType: column.dataType,
    sqlType: column.getSQLType(),
    ...(column.baseColumn && { elementType: column.baseColumn.columnType }),
    notNull: column.notNull,
    runtimeDefault: false,
    onUpdate: false,
  };
}
