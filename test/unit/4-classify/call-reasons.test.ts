import { expect, test } from 'vitest';
import type { Catalog, Routine } from '../../../src/1-read/catalog.js';
import { callReasons } from '../../../src/4-classify/call-reasons.js';

const reasonsOf = (schema: string, name: string, extension: string | null): readonly string[] => {
  const called = { oid: 7, schema, name, extension, source: '', sqlBody: null, configuration: [] };
  const catalog = { routines: [called], searchPath: [] } as unknown as Catalog;
  const node = { kind: 'call', schema, name, routine: 7, arguments: [] };
  return callReasons({ node, line: 3 }, { oid: 1 } as Routine, catalog).map(
    ({ id, detail, line }) => `${id}: ${detail}, line ${String(line)}`,
  );
};

test.each([
  ['public', 'dblink_exec', 'dblink'],
  ['net', 'http_post', 'pg_net'],
  ['extensions', 'http_get', 'http'],
  ['public', 'pg_background_launch', 'pg_background'],
])('%s.%s of an extension acts outside of the transaction', (schema, name, extension) => {
  expect(reasonsOf(schema, name, extension)).toEqual([`external-effect: ${schema}.${name}(), line 3`]);
});
