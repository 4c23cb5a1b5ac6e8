import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Driver } from '../../src/1-read/user-project.js';
import { settingsSchema } from '../../src/config.js';
import type { Pair, ProofCase } from '../../src/7-prove/pair.js';
import { isRequestFixture, requestSide } from './request-fixture.js';
import { onGivenCaller } from './on-given-caller.js';
import { onGivenClient } from './on-given-client.js';

export const fixturesFolder = fileURLToPath(new URL('../../fixtures/', import.meta.url));

export interface RuleFixture {
  /** `update/by-key`. */
  readonly id: string;
  readonly rule: string;
  readonly folder: string;
  readonly schema: string;
  readonly function: string;
  readonly input: string;
  readonly output: string | null;
  readonly wrong: string | null;
  readonly cases: readonly ProofCase[];
  /** Its configuration has a `context`: its arguments say who calls. */
  readonly context: boolean;
  /** The limit on the rows of a request that its configuration keeps. */
  readonly maxRows: number | null;
  /** What its `client.ts` connects through; node-postgres where it has none. */
  readonly driver: Exclude<Driver, 'pglite'>;
}

/** Every folder `fixtures/rules/<rule>/<case>`; FIXTURE=<parts of ids, with commas> narrows the list. */
export function ruleFixtures(): readonly RuleFixture[] {
  const root = join(fixturesFolder, 'rules');
  return folders(root)
    .filter((rule) => !rule.startsWith('_'))
    .flatMap((rule) => folders(join(root, rule)).map((name) => readFixture(root, rule, name)))
    .filter(({ id }) => isChosen(id));
}

export interface RefusalFixture {
  /** `dynamic-sql/execute-text`. */
  readonly id: string;
  readonly folder: string;
  readonly expected: {
    readonly status: string;
    readonly reason: string;
    readonly detail?: string;
    /** Of the body; null where the declaration or the call is refused. Each reason of a routine has one or the other. */
    readonly line?: number | null;
  };
}

/** Every folder `fixtures/refusals/<reason>/<case>`. */
export function refusalFixtures(): readonly RefusalFixture[] {
  const root = join(fixturesFolder, 'refusals');
  return folders(root)
    .flatMap((reason) => folders(join(root, reason)).map((name) => `${reason}/${name}`))
    .filter(isChosen)
    .map((id) => ({
      id,
      folder: join(root, id),
      expected: JSON.parse(
        readFileSync(join(root, id, 'expected.json'), 'utf8'),
      ) as RefusalFixture['expected'],
    }));
}

/** `input.ts` against another file of the same folder, in the database of its own that `setup` makes. */
export function pairOf(fixture: RuleFixture, after: string): Pair {
  const request = isRequestFixture(fixture.input);
  const before = request ? requestSide(fixture.input, fixture.maxRows) : onGivenClient(fixture.input);
  return {
    id: fixture.id,
    before: fixture.context ? onGivenCaller(before) : before,
    after: request ? requestSide(after) : onGivenClient(after),
    filename: join(fixture.folder, 'input.ts'),
    cases: fixture.cases,
    setup: [fixture.schema, fixture.function],
  };
}

function readFixture(root: string, rule: string, name: string): RuleFixture {
  const folder = join(root, rule, name);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const optional = (file: string): string | null => (existsSync(join(folder, file)) ? read(file) : null);
  return {
    id: `${rule}/${name}`,
    rule,
    folder,
    schema: read('schema.sql'),
    function: read('function.sql'),
    input: read('input.ts'),
    output: optional('output.ts'),
    wrong: optional('wrong.ts'),
    ...configured(optional('config.json')),
    cases: JSON.parse(read('cases.json')) as ProofCase[],
    driver:
      optional('client.ts')?.includes('drizzle-orm/postgres-js') === true ? 'postgres-js' : 'node-postgres',
  };
}

function configured(text: string | null): Pick<RuleFixture, 'context' | 'maxRows'> {
  const { context, maxRows = null } = settingsSchema.parse(JSON.parse(text ?? '{}'));
  return { context: context !== undefined, maxRows };
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function isChosen(id: string): boolean {
  return (process.env['FIXTURE'] ?? '').split(',').some((part) => id.includes(part));
}
