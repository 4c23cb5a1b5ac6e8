/**
 * The Drizzle tables that a schema taken from the database has: real table objects, and what the reading of a
 * project's schema says of them. Nothing is written.
 */
import { getTableColumns, sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { camelCase } from '../../dist/5-translate/names.js';

/** Path that the tables are imported from. */
export const schemaFile = '/coverage/schema.ts';

/**
 * Tables and views alike, as tables. `text` is the schema file that declares `objects`.
 * @param {import('../../dist/1-read/catalog.js').Catalog} catalog
 */
export function drizzleSchema(catalog) {
  const kinds = ['table', 'partitioned-table', 'view', 'materialized-view', 'foreign-table'];
  const relations = catalog.relations.filter(({ kind }) => kinds.includes(kind));
  const declared = relations.map((relation, index) => ({
    relation,
    exportName: `${camelCase(relation.name).replace(/\W/g, '_')}${index}`,
  }));
  const lines = declared.map(
    ({ relation, exportName }) => `const ${exportName} = ${tableText(relation, catalog)};`,
  );
  const objects = objectsOf(
    lines,
    declared.map(({ exportName }) => exportName),
  );
  const tables = declared.map(({ relation: { schema, name }, exportName }) => ({
    file: schemaFile,
    exportName,
    schema,
    name,
    columns: Object.entries(getTableColumns(objects[exportName])).map(described),
    origin: 'loaded',
  }));
  const exported = lines.map((line) => `export ${line}`);
  return {
    objects,
    tables,
    text: `import { sql } from 'drizzle-orm';\nimport * as pg from 'drizzle-orm/pg-core';\n\n${exported.join('\n')}\n`,
  };
}

/** What only the compiler reads. */
const typed = '<{ data: unknown }>';

function objectsOf(lines, names) {
  return new Function(
    'pg',
    'sql',
    `${lines.join('\n').replaceAll(typed, '')}\nreturn { ${names.join(', ')} };`,
  )(pg, sql);
}

function tableText({ schema, name, columns }, catalog) {
  const made = schema === 'public' ? 'pg.pgTable' : `pg.pgSchema(${quoted(schema)}).table`;
  const used = new Set();
  const entries = columns.map((column) => {
    let property = camelCase(column.name);
    while (used.has(property)) property += '_';
    used.add(property);
    const text = columnText(column.name, column.type, catalog);
    const given = column.default !== null || column.identity || column.generated;
    return `${quoted(property)}: ${text}${column.notNull ? '.notNull()' : ''}${given ? '.default(sql`null`)' : ''}`;
  });
  return `${made}(${quoted(name)}, { ${entries.join(', ')} })`;
}

function columnText(name, oid, catalog) {
  const type = catalog.types.get(oid);
  if (type === undefined) return custom(name, 'unknown');
  if (type.kind === 'enum' && type.enumLabels.length > 0) {
    const made = type.schema === 'public' ? 'pg.pgEnum' : `pg.pgSchema(${quoted(type.schema)}).enum`;
    return `${made}(${quoted(type.name)}, ${JSON.stringify(type.enumLabels)})(${quoted(name)})`;
  }
  if (type.category === 'A' && type.element !== 0 && type.kind === 'base') {
    return `${columnText(name, type.element, catalog)}.array()`;
  }
  const made = type.schema === 'pg_catalog' ? builders[type.name] : undefined;
  if (made === undefined) return custom(name, type.sqlName);
  const [builder, options] = made;
  return `pg.${builder}(${quoted(name)}${options === undefined ? '' : `, ${options}`})`;
}

function custom(name, sqlType) {
  return `pg.customType<{ data: unknown }>({ dataType: () => ${quoted(sqlType)} })(${quoted(name)})`;
}

function quoted(text) {
  return JSON.stringify(text);
}

/** As drizzle-kit writes them: dates and timestamps as text, bigint as number. */
const builders = {
  int2: ['smallint'],
  int4: ['integer'],
  int8: ['bigint', "{ mode: 'number' }"],
  float4: ['real'],
  float8: ['doublePrecision'],
  numeric: ['numeric'],
  bool: ['boolean'],
  text: ['text'],
  varchar: ['varchar'],
  bpchar: ['char'],
  uuid: ['uuid'],
  json: ['json'],
  jsonb: ['jsonb'],
  date: ['date'],
  time: ['time'],
  timestamp: ['timestamp', "{ mode: 'string' }"],
  timestamptz: ['timestamp', "{ withTimezone: true, mode: 'string' }"],
  interval: ['interval'],
  inet: ['inet'],
  cidr: ['cidr'],
  macaddr: ['macaddr'],
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
    required: column.notNull && !column.hasDefault,
    runtimeDefault: false,
    onUpdate: false,
  };
}
