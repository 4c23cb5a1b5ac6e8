import { describe, expect, it } from 'vitest';
import { chooseTables } from '../../../src/1-read/choose-tables.js';
import type { DrizzleTable } from '../../../src/1-read/user-project.js';

const table = (file: string, name: string, schema = 'public'): DrizzleTable => ({
  file,
  exportName: name,
  schema,
  name,
  columns: [],
  origin: 'loaded',
});

describe('chooseTables', () => {
  it('keeps the declaration nearest to the calls and names the others', () => {
    const { tables, notes } = chooseTables(
      [
        table('/app/drizzle/schema.ts', 'users'),
        table('/app/src/db/schema.ts', 'users'),
        table('/app/drizzle/schema.ts', 'posts'),
        table('/app/src/db/schema.ts', 'posts'),
        table('/app/drizzle/schema.ts', 'jobs'),
      ],
      '/app/src/api/user.ts',
    );
    expect(tables.map(({ file, name }) => `${name} ${file}`)).toEqual([
      'users /app/src/db/schema.ts',
      'posts /app/src/db/schema.ts',
      'jobs /app/drizzle/schema.ts',
    ]);
    expect(notes).toEqual([
      'public.users, public.posts are declared in /app/drizzle/schema.ts again; those of /app/src/db/schema.ts are used. --schema chooses another.',
    ]);
  });

  it('tells schemas apart', () => {
    const both = [table('/a.ts', 'users'), table('/a.ts', 'users', 'auth')];
    expect(chooseTables(both, '/a.ts')).toEqual({ tables: both, notes: [] });
  });
});
