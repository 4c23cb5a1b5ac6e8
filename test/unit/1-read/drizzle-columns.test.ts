import * as drizzle0 from 'drizzle-orm';
import * as pgCore0 from 'drizzle-orm/pg-core';
import * as drizzle1 from 'drizzle-orm-1';
import * as pgCore1 from 'drizzle-orm-1/pg-core';
import { expect, test } from 'vitest';
import { columnKind } from '../../../src/1-read/drizzle-columns.js';
import { readModules as readModules0 } from '../../../src/1-read/load-tables-drizzle-0.js';
import { readModules as readModules1 } from '../../../src/1-read/load-tables-drizzle-1.js';
import { columnCases, MissingBuilder, type PgCore } from '../../support/representation/columns.js';

const lines = [
  { line: '0.45', core: drizzle0, pgCore: pgCore0, readModules: readModules0 },
  { line: '1.0', core: drizzle1, pgCore: pgCore1 as unknown as PgCore, readModules: readModules1 },
];

/** `bigint({"mode":"number"})` */
const builderCall = /^(\w+)\((?:\{.*?"mode":"(\w+)".*\}|\{.*\}|)\)$/;

test.each(lines)(
  'a column read by its syntax is what $line makes of it',
  async ({ line, core, pgCore, readModules }) => {
    let compared = 0;
    for (const given of columnCases) {
      const [, builder, mode] = builderCall.exec(given.label) ?? [];
      // A builder of the user's own has no entry, and 0.45 knows no string mode of bigint.
      if (builder === undefined || /^customType/.test(builder) || (line === '0.45' && given.label.includes('"string"') && builder === 'bigint')) continue; // prettier-ignore
      const column = build(given.build, pgCore);
      if (column === null) continue;
      const table = pgCore.pgTable('t', { v: column as never });
      const [read] = await readModules({
        modules: [{ file: 'schema.ts', exports: { table } }],
        load: async (specifier) => (specifier === 'drizzle-orm' ? core : pgCore),
      });
      const { columnType, dataType } = read?.columns[0] ?? {};
      expect.soft(columnKind(builder, mode ?? null), given.label).toEqual({ columnType, dataType });
      compared += 1;
    }
    expect(compared).toBeGreaterThan(40);
  },
);

function build<T>(make: (pg: PgCore) => T, pgCore: PgCore): T | null {
  try {
    return make(pgCore);
  } catch (error) {
    if (error instanceof MissingBuilder) return null;
    throw error;
  }
}
