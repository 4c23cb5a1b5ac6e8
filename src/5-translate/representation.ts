/**
 * How values look to JavaScript on the way out and in. What is said here is what was measured on drizzle-orm
 * 0.45 and 1.0 through node-postgres, postgres.js and PGlite (test/unit/5-translate/representation.test.ts).
 * Where the lines or a driver's settings disagree, the careful answer stands. `sql<T>` without a decoder is
 * always raw.
 */
export { decodesAsRaw, encodesAsRaw } from './representation/columns.js';
export { differsOutsideDrizzle } from './representation/outside-drizzle.js';
export { baseType, rawType } from './representation/raw-type.js';
