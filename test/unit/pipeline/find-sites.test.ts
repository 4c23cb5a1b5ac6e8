import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import type { Options } from '../../../src/options.js';
import { findSites } from '../../../src/pipeline/find-sites.js';

const root = mkdtempSync(join(tmpdir(), 'find-sites-'));
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): void {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

write('package.json', '{}');
write(
  'src/rpc.ts',
  `import { supabase } from './supabase';
export async function rpcOrThrow<T>(name: string, args: object): Promise<T> {
  const { data, error } = await supabase.rpc(name, args);
  if (error) throw error;
  return data as T;
}
export class Backend {
  constructor(private readonly client: Client) {}
  async callRpc(args: object, name: string) {
    return this.client.rpc(name, args);
  }
}
`,
);
write(
  'src/orders.ts',
  `import { Backend, rpcOrThrow } from './rpc';
export const open = (id: number) => rpcOrThrow<void>('open_order', { p_id: id });
export const change = (id: number, up: boolean) => rpcOrThrow(up ? 'open_order' : 'close_order', { p_id: id });
export const close = (id: number) => new Backend(client).callRpc({ p_id: id }, 'close_order');
export const other = (id: number, name: string) => rpcOrThrow(name, { p_id: id });
`,
);
write('src/button.ts', `'use client';\nrpcOrThrow('open_order', { p_id: 1 });\n`);

const catalog = {
  builtins: new Map(),
  routines: ['open_order', 'close_order'].map((name) => ({ name, schema: 'public', extension: null })),
  searchPath: ['public'],
} as unknown as Catalog;

async function found(only: readonly string[] = []): Promise<readonly string[]> {
  const options = { cwd: root, paths: [join(root, 'src')], only, skip: [] } as unknown as Options;
  const { sites } = await findSites(options, catalog);
  return sites.map(({ id, routineName, refusal }) => `${id} ${routineName} ${refusal?.reason ?? 'ok'}`);
}

test('who calls through a wrapper is a call site, also one that is refused', async () => {
  expect(await found()).toEqual([
    'src/button.ts:2:1 open_order client-side',
    'src/orders.ts:2:37 open_order ok',
    "src/orders.ts:3:52 up ? 'open_order' : 'close_order' several-routines",
    'src/orders.ts:4:38 close_order ok',
    'src/rpc.ts:3:33 name computed-name',
    'src/rpc.ts:10:12 name computed-name',
  ]);
});

test('--only leaves out callers of other routines', async () => {
  expect(await found(['close_order'])).toEqual(['src/orders.ts:4:38 close_order ok']);
});
