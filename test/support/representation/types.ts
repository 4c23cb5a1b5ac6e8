/** PostgreSQL types with values that tell decoders apart. `VALUES` are SQL literals without their cast. */

export interface TypeCase {
  /** As in a column definition. */
  readonly type: string;
  readonly values: readonly string[];
}

/** Statements that make the types that PostgreSQL does not have by itself. */
export const typeDefinitions = `
  CREATE EXTENSION citext;
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy day');
  CREATE DOMAIN whole AS int4;
  CREATE DOMAIN amount AS numeric(12, 2) CHECK (VALUE >= 0);
  CREATE DOMAIN moment AS timestamptz;
  CREATE DOMAIN tags AS text[];
  CREATE TYPE pair AS (a int4, at timestamptz);
  CREATE FUNCTION modifier(cstring[]) RETURNS int4 AS 'varchartypmodin' LANGUAGE internal IMMUTABLE STRICT;
  ${['vector', 'halfvec', 'sparsevec'].map(textType).join('\n')}
`;

/** A type with the text form and the modifier that pgvector's have, and no operators. */
function textType(name: string): string {
  return `
    CREATE TYPE ${name};
    CREATE FUNCTION ${name}_in(cstring) RETURNS ${name} AS 'textin' LANGUAGE internal IMMUTABLE STRICT;
    CREATE FUNCTION ${name}_out(${name}) RETURNS cstring AS 'textout' LANGUAGE internal IMMUTABLE STRICT;
    CREATE TYPE ${name} (INPUT = ${name}_in, OUTPUT = ${name}_out, TYPMOD_IN = modifier);`;
}

const scalars: readonly TypeCase[] = [
  { type: 'int2', values: ['-32768', '7'] },
  { type: 'int4', values: ['-2147483648', '7'] },
  { type: 'int8', values: ['9007199254740993', '7'] },
  { type: 'oid', values: ['4294967295', '7'] },
  { type: 'numeric', values: ['12.50', '7', '123456789012345678901234567890.123', 'NaN'] },
  { type: 'numeric(12, 2)', values: ['12.50', '7'] },
  { type: 'float4', values: ['1.5', '0.1', 'NaN', '-Infinity'] },
  { type: 'float8', values: ['1.5', '0.1', 'NaN', '-Infinity', '-0'] },
  { type: 'money', values: ['12.50', '-1234.5'] },
  { type: 'bool', values: ['t', 'f'] },
  { type: 'text', values: ['', 'null', '7', '{a,b}', 'ü"\\ ,'] },
  { type: 'varchar(20)', values: ['', 'null', '7', '{a,b}'] },
  { type: 'char(4)', values: ['ab', '7'] },
  { type: 'name', values: ['ab', '7'] },
  { type: 'citext', values: ['aB', '7'] },
  { type: 'uuid', values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'] },
  { type: 'date', values: ['2024-03-10', '0044-03-15 BC', 'infinity'] },
  { type: 'time', values: ['12:34:56', '12:34:56.789'] },
  { type: 'timetz', values: ['12:34:56+02'] },
  { type: 'timestamp', values: ['2024-03-10 12:34:56', '2024-03-10 12:34:56.123456', 'infinity'] },
  { type: 'timestamptz', values: ['2024-03-10 12:34:56+00', '2024-03-10 12:34:56.123456+00', '-infinity'] },
  { type: 'interval', values: ['1 mon 2 days 03:04:05', '-1 day'] },
  { type: 'json', values: ['{"a": 1}', '[1, "x"]', '"7"', '"x"', '7', 'null', 'true'] },
  { type: 'jsonb', values: ['{"a": 1}', '[1, "x"]', '"7"', '"x"', '7', 'null', 'true'] },
  { type: 'bytea', values: ['\\xdead', ''] },
  { type: 'inet', values: ['10.0.0.1', '10.0.0.0/8'] },
  { type: 'cidr', values: ['10.0.0.0/8'] },
  { type: 'macaddr', values: ['08:00:2b:01:02:03'] },
  { type: 'macaddr8', values: ['08:00:2b:01:02:03:04:05'] },
  { type: 'bit(3)', values: ['101'] },
  { type: 'varbit', values: ['10111'] },
  { type: 'point', values: ['(1.5,2)'] },
  { type: 'line', values: ['{1,2,3}'] },
  { type: 'box', values: ['(3,4),(1,2)'] },
  { type: 'circle', values: ['<(1,2),3>'] },
  { type: 'tsvector', values: [`'cat':1 'dog':2`] },
  { type: 'xml', values: ['<a/>'] },
  { type: 'int4range', values: ['[1,5)', 'empty'] },
  { type: 'tstzrange', values: ['["2024-03-10 12:00:00+00",)'] },
  { type: 'int4multirange', values: ['{[1,5),[7,9)}'] },
  { type: 'mood', values: ['sad', 'happy day'] },
  { type: 'whole', values: ['7'] },
  { type: 'amount', values: ['12.50'] },
  { type: 'moment', values: ['2024-03-10 12:34:56.5+00'] },
  { type: 'pair', values: ['(7,"2024-03-10 12:34:56+00")'] },
  { type: 'vector(3)', values: ['[1,2.5,3]'] },
  { type: 'halfvec(3)', values: ['[1,2.5,3]'] },
  { type: 'sparsevec(3)', values: ['{1:1.5}/3'] },
];

/** `{}`, one of all values, one with NULLs, and two dimensions. */
function arrayOf({ type, values }: TypeCase): TypeCase {
  const separator = type === 'box' ? ';' : ',';
  const quoted = values.map((value) => `"${value.replace(/[\\"]/g, '\\$&')}"`);
  const list = (members: readonly string[]): string => `{${members.join(separator)}}`;
  const first = quoted[0] ?? '';
  return {
    type: `${type}[]`,
    values: ['{}', list(quoted), list([first, 'NULL']), list([list([first, first]), list([first, 'NULL'])])],
  };
}

export const typeCases: readonly TypeCase[] = [
  ...scalars,
  ...scalars.map(arrayOf),
  { type: 'tags', values: ['{}', '{a,NULL}', '{{a},{b}}'] },
];
