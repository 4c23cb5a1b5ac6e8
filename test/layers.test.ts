import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBreaches } from './support/layers.js';

const sources = join(import.meta.dirname, '..', 'src');

describe('layers', () => {
  const files = readSources();

  it('are kept by every file of src', () => {
    expect(files.size).toBeGreaterThan(15);
    expect(findBreaches(files)).toEqual([]);
  });

  it('are broken by a forbidden import planted in a real file', () => {
    const path = '2-find/call-site.ts';
    const planted = new Map(files).set(
      path,
      `import type { Verdict } from '../4-classify/verdict.js';\n${files.get(path) ?? ''}`,
    );
    expect(findBreaches(planted)).toContain(
      '2-find/call-site.ts imports 4-classify/verdict.js, and 2-find may not import from 4-classify',
    );
  });

  it.each([
    ['3-parse/a.ts', `import pg from 'pg';`],
    ['3-parse/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['3-parse/a.ts', `const fs = await import('node:fs');`],
    ['3-parse/a.ts', `const fs = require('fs');`],
    ['3-parse/a.ts', `if (process.env.DEBUG) debug();`],
    ['3-parse/a.ts', `globalThis.process.exit(1);`],
    ['3-parse/a.ts', `export { parse } from 'libpg-query';`],
    ['3-parse/a.ts', `type Node = import('pgsql-ast-parser').Statement;`],
    ['3-parse/a.ts', `import { Project } from 'ts-morph';`],
    ['5-translate/a.ts', `import type { SitePlan } from '../6-rewrite/site-plan.js';`],
    ['5-translate/a.ts', `import { plan } from '../pipeline.js';`],
    ['9-report/a.ts', `import { run } from '../commands/migrate.js';`],
    ['sql/a.ts', `import type { Catalog } from '../1-read/catalog.js';`],
    ['io/a.ts', `import type { Evidence } from '../7-prove/evidence.js';`],
    ['guard/a.ts', `import type { Draft } from '../5-translate/draft.js';`],
    ['errors.ts', `import { reasons } from './reasons.js';`],
    ['pipeline.ts', `import { main } from './cli.js';`],
    ['1-read/a.ts', `import { version } from '../../package.json';`],
  ])('a forbidden import is found in %s: %s', (path, text) => {
    expect(findBreaches(new Map([[path, text]]))).toHaveLength(1);
  });

  it.each([
    ['6-rewrite/a.ts', `import type { Draft } from '../5-translate/draft.js';`],
    ['6-rewrite/a.ts', `import { ts } from 'ts-morph';`],
    ['6-rewrite/a.ts', `import { paste } from './place/paste.js';`],
    ['io/a.ts', `import pg from 'pg'; process.exit(1);`],
    ['7-prove/proof-worker.ts', `process.on('exit', stop);`],
    ['sql/a.ts', `import { parse } from 'libpg-query';`],
    ['pipeline.ts', `import { review } from './8-review/ask-review.js';`],
    ['3-parse/a.ts', `import { MigrateError } from '../errors.js';`],
    ['3-parse/a.ts', `const process = (x: number) => x; process(2); stage.process(); // process.env`],
    ['3-parse/a.ts', `const text = "import pg from 'pg'";`],
  ])('an allowed import is not: %s: %s', (path, text) => {
    expect(findBreaches(new Map([[path, text]]))).toEqual([]);
  });
});

/** The texts of src by their path from there, with `/` on every system. */
function readSources(): Map<string, string> {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.[cm]?[jt]s$/.test(path),
  );
  return new Map(
    files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(sources, path), 'utf8')]),
  );
}
