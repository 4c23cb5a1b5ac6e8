import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxRows, readRequestLimit } from '../../../src/io/supabase-config.js';

describe('maxRows', () => {
  it.each([
    ['[api]\nmax_rows = 1000', 1000],
    ['project_id = "a"\n\n[ api ]\nenabled = true\n  max_rows = 1_000 # rows', 1000],
    ['api.max_rows = 50', 50],
    ['[db]\nmax_rows = 7', null],
    ['[api]\n# max_rows = 7', null],
    ['[api]\nport = 1\n[api.tls]\nmax_rows = 7', null],
    ['', null],
  ])('reads %j', (text, rows) => {
    expect(maxRows(text)).toBe(rows);
  });
});

describe('readRequestLimit', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supabase-config-'));
    mkdirSync(join(folder, 'supabase', 'migrations'), { recursive: true });
    mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds the file above a path that is looked at', () => {
    const file = join(folder, 'supabase', 'config.toml');
    writeFileSync(file, '[api]\nmax_rows = 3\n');
    writeFileSync(join(folder, 'src', 'deep', 'a.ts'), '');
    expect(readRequestLimit(['src/deep/a.ts'], folder)).toEqual({ rows: 3, file });
    expect(readRequestLimit([join(folder, 'src')], '/')).toEqual({ rows: 3, file });
  });

  it('is null where no file says so', () => {
    expect(readRequestLimit(['src'], folder)).toBeNull();
    writeFileSync(join(folder, 'supabase', 'config.toml'), '[api]\nport = 1\n');
    expect(readRequestLimit(['src'], folder)).toBeNull();
  });
});
