import { describe, expect, it } from 'vitest';
import { openDenoResolver } from '../../../src/6-rewrite/deno-resolver.js';
import { whyDenoCannotLoad } from '../../../src/source/deno-loads.js';
import { bareSpecifier, denoModules, denoTarget } from '../../../src/source/deno-modules.js';

const map = {
  imports: {
    'drizzle-orm': 'npm:drizzle-orm@0.45.4',
    'drizzle-orm/': 'npm:/drizzle-orm@0.45.4/',
    '@/': './_shared/',
  },
};

function hostOf(files: Readonly<Record<string, string>>) {
  return {
    useCaseSensitiveFileNames: true,
    fileExists: (path: string) => path in files,
    readFile: (path: string) => files[path],
    readDirectory: () => [],
  };
}

const edge = '/p/supabase/functions/restock/index.ts';

describe('denoModules', () => {
  it.each([
    [edge, null, {}, true],
    ['/p/src/a.ts', `import { serve } from 'https://deno.land/std/http/server.ts';`, {}, true],
    ['/p/src/a.ts', `import { z } from "npm:zod@4";`, {}, true],
    ['/p/src/a.ts', `import { z } from 'zod';`, {}, false],
    ['/p/worker/a.ts', '', { '/p/worker/deno.json': '{}', '/p/package.json': '{}' }, true],
    ['/p/worker/a.ts', '', { '/p/deno.json': '{}', '/p/package.json': '{}' }, false],
    ['/p/worker/a.ts', '', { '/p/deno.json': '{}', '/p/worker/package.json': '{}' }, false],
  ])('tells whether Deno runs %s', (path, text, files, expected) => {
    expect(denoModules(path, text, hostOf(files)) !== null).toBe(expected);
  });

  it('reads the map that deno.json names, comments allowed', () => {
    const files = {
      '/p/supabase/functions/deno.jsonc': `{ // shared\n "importMap": "../maps/all.json", "unstable": ["sloppy-imports"], }`,
      '/p/supabase/maps/all.json': JSON.stringify(map),
    };
    const found = denoModules(edge, null, hostOf(files));
    expect(found).toEqual({ imports: map.imports, folder: '/p/supabase/maps', sloppy: true });
  });
});

describe('denoTarget', () => {
  const modules = { ...map, folder: '/p/supabase/functions', sloppy: false };
  const host = hostOf({ '/p/supabase/functions/_shared/db.ts': '' });

  it.each([
    ['npm:@supabase/supabase-js@2', { package: '@supabase/supabase-js' }],
    ['https://esm.sh/@supabase/supabase-js@2.39.3?target=deno', { package: '@supabase/supabase-js' }],
    ['drizzle-orm', { package: 'drizzle-orm' }],
    ['drizzle-orm/pg-core', { package: 'drizzle-orm/pg-core' }],
    ['node:crypto', { package: 'node:crypto' }],
    ['../_shared/db.ts', { file: '/p/supabase/functions/_shared/db.ts' }],
    ['@/db.ts', { file: '/p/supabase/functions/_shared/db.ts' }],
    ['../_shared/db.js', null],
    ['../_shared/db', null],
    ['pg', null],
  ])('%s', (specifier, expected) => {
    expect(denoTarget(specifier, edge, modules, host)).toEqual(expected);
  });

  it('takes .js for .ts with sloppy imports alone', () => {
    const sloppy = { ...modules, sloppy: true };
    expect(denoTarget('../_shared/db.js', edge, sloppy, host)).toEqual({
      file: '/p/supabase/functions/_shared/db.ts',
    });
  });

  it('leaves what is no package as it is', () => {
    expect(['./a.ts', 'zod', 'node:fs', 'https://deno.land/std/a.ts'].map(bareSpecifier)).toEqual([
      './a.ts',
      'zod',
      'node:fs',
      'https://deno.land/std/a.ts',
    ]);
  });
});

describe('whyDenoCannotLoad', () => {
  const modules = { ...map, folder: '/p/supabase/functions', sloppy: false };
  const load = (schema: string, line = '') =>
    whyDenoCannotLoad(
      '/p/db/client.ts',
      modules,
      hostOf({
        '/p/db/client.ts': `import { drizzle } from 'drizzle-orm/node-postgres';\n${line}import * as schema from '${schema}';`,
        '/p/db/schema.ts': `import { pgTable } from 'npm:drizzle-orm@0.45.4/pg-core';`,
      }),
    );

  it('finds the import that stops it, however deep', () => {
    expect(load('./schema.ts')).toBe(null);
    expect(load('./schema.js')).toBe("client.ts imports './schema.js', which Deno does not find");
    expect(load('./schema.ts', `import pg from 'pg';\n`)).toBe(
      "client.ts imports 'pg', which Deno does not find",
    );
    expect(load('./schema.ts', `import type pg from 'pg';\n`)).toBe(null);
  });
});

describe('openDenoResolver', () => {
  const client = '/p/supabase/functions/_shared/db.ts';
  const files = {
    [client]: `import { drizzle } from 'npm:drizzle-orm@0.44.7/postgres-js';`,
    '/p/node_modules/postgres/package.json': '{ "version": "3.4.9" }',
  };
  const bare = { imports: {}, folder: '/p/supabase/functions', sloppy: false };
  const named = (modules: typeof bare, specifier: string, neighbours: readonly string[] = []) =>
    openDenoResolver(modules, client, hostOf(files)).denoPackage?.(specifier, neighbours);

  it('imports by the map, else by the version in use', () => {
    expect(named({ ...bare, ...map }, 'drizzle-orm/pg-core')).toBe('drizzle-orm/pg-core');
    expect(named(bare, 'drizzle-orm')).toBe('npm:drizzle-orm@0.44.7');
    expect(named(bare, 'drizzle-orm/pg-core')).toBe('npm:drizzle-orm@0.44.7/pg-core');
    expect(named(bare, 'postgres')).toBe('npm:postgres@3.4.9');
    expect(named(bare, 'pg')).toBe('npm:pg');
    expect(named(bare, 'drizzle-orm', ['npm:drizzle-orm@0.45.0'])).toBe('npm:drizzle-orm@0.45.0');
    expect(named(bare, 'node:crypto')).toBe('node:crypto');
  });
});
