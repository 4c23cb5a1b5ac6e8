/** A small project in memory, and one marked call in it, for tests of placing and assembling. */
import { posix } from 'node:path';
import type { Routine } from '../../src/1-read/catalog.js';
import type { DrizzleTable, UserProject } from '../../src/1-read/user-project.js';
import type { ResolvedSite } from '../../src/2-find/resolved-site.js';
import type { Read, ResultUse } from '../../src/2-find/result-use.js';
import {
  openImportResolver,
  type ImportResolver,
  type ResolverHost,
} from '../../src/6-rewrite/import-resolver.js';
import { openPlaceContext, type PlaceContext } from '../../src/6-rewrite/place-context.js';

export interface Sample {
  readonly files: Map<string, string>;
  readonly project: UserProject;
  readonly resolver: ImportResolver;
  readonly context: PlaceContext;
}

/** Files by absolute path; `/app/tsconfig.json` is used when it is among them. */
export function sample(
  files: Readonly<Record<string, string>>,
  tables: readonly DrizzleTable[] = [ordersTable],
  clients: UserProject['clients'] = [onlyClient],
): Sample {
  const all = new Map(Object.entries(files));
  const tsconfig = all.has('/app/tsconfig.json') ? '/app/tsconfig.json' : null;
  const project: UserProject = {
    root: '/app',
    packageFile: '/app/package.json',
    tsconfig,
    drizzleVersion: '0.45.4',
    tables,
    clients,
    transactionHelpers: [{ file: '/app/src/db.ts', exportName: 'executeTransaction' }],
    notes: [],
  };
  const resolver = openImportResolver(tsconfig, memoryHost(all));
  const context = openPlaceContext({ project, resolver, files: all, existing: () => null });
  return { files: all, project, resolver, context };
}

export const onlyClient: UserProject['clients'][number] = {
  file: '/app/src/db.ts',
  exportName: 'db',
  driver: 'node-postgres',
};

export const ordersTable: DrizzleTable = {
  file: '/app/src/schema.ts',
  exportName: 'orders',
  schema: 'public',
  name: 'orders',
  columns: [],
  origin: 'loaded',
};

/** The text without its markers `«…»`, and the spans that they marked, in order. */
export function unmark(marked: string): {
  readonly text: string;
  readonly spans: readonly { start: number; end: number }[];
} {
  const spans: { start: number; end: number }[] = [];
  let text = '';
  for (const char of marked) {
    if (char === '«') spans.push({ start: text.length, end: text.length });
    else if (char === '»') spans.filter((span) => span.end === span.start).at(-1)!.end = text.length;
    else text += char;
  }
  return { text, spans };
}

export interface UseOptions {
  readonly shape: ResultUse['shape'];
  readonly awaited?: boolean;
  readonly field?: ResultUse['field'];
  readonly edits?: ResultUse['edits'];
  readonly reads?: readonly Read[];
  readonly fieldsRead?: ResultUse['fieldsRead'];
  readonly readsOnly?: boolean;
  readonly executor?: string;
  readonly kind?: ResultUse['client']['kind'];
  readonly driver?: ResultUse['client']['driver'];
  readonly imported?: boolean;
  readonly inTransaction?: boolean;
  readonly hoistPoint?: number | null;
  /** Expressions of the arguments, and which of them may stand twice. */
  readonly arguments?: readonly {
    readonly expression: string;
    readonly repeatable: boolean;
    readonly parameter?: string;
  }[];
}

/** A site and its use for the target span. */
export function siteAt(
  file: string,
  target: { start: number; end: number },
  options: UseOptions,
): { site: ResolvedSite; use: ResultUse } {
  const given = options.arguments ?? [{ expression: 'id', repeatable: true }];
  const holes = given.map(({ expression }, index) => ({
    index: index + 1,
    span: { start: target.start + index, end: target.start + index },
    expression,
  }));
  const call = {
    schema: null,
    name: 'f',
    form: 'scalar' as const,
    arguments: holes.map((hole) => ({
      name: null,
      sql: `$${hole.index}`,
      hole,
      casts: [],
      variadic: false,
      holes: [hole],
    })),
    columns: null,
    scalarKey: 'f',
  };
  const id = `${posix.relative('/app', file)}:1:${target.start}`;
  return {
    site: {
      site: {
        id,
        file,
        line: 1,
        column: target.start,
        span: target,
        kind: 'execute',
        sender: { form: 'execute', receiver: null, receiverText: 'db' },
        statement: null,
        call,
        routineName: 'f',
        refusal: null,
      },
      call,
      routine: { name: 'f', schema: 'public' } as Routine,
      bindings: call.arguments.map((argument, index) => ({
        parameter: {
          name: given[index]?.parameter ?? `p_${'abc'[index] ?? 'x'}`,
          type: 23,
          mode: 'in',
          default: null,
        },
        position: index + 1,
        argument,
      })),
      output: { columns: [], shape: 'scalar' },
    },
    use: {
      client: {
        kind: options.kind ?? 'drizzle',
        driver: options.driver ?? 'node-postgres',
        executor: options.executor ?? 'db',
        executorImport: options.imported ? { file: '/app/src/db.ts', name: 'db' } : null,
        inTransaction: options.inTransaction ?? false,
        refusal: null,
      },
      target,
      awaited: options.awaited ?? true,
      shape: options.shape,
      field: options.field ?? null,
      edits: options.edits ?? [],
      reads: options.reads ?? [],
      readsOnly: options.readsOnly ?? false,
      fieldsRead: options.fieldsRead ?? 'all',
      declares: null,
      arguments: given.map(({ repeatable }, index) => ({
        hole: index + 1,
        type: 'number',
        mayBeUndefined: false,
        mayBeNull: false,
        members: ['number'],
        repeatable,
      })),
      hoistPoint: options.hoistPoint ?? null,
    },
  };
}

function memoryHost(files: ReadonlyMap<string, string>): ResolverHost {
  const folders = new Set<string>();
  for (const path of files.keys())
    for (let at = posix.dirname(path); at !== '/'; at = posix.dirname(at)) folders.add(at);
  return {
    useCaseSensitiveFileNames: true,
    fileExists: (path) => files.has(path),
    readFile: (path) => files.get(path),
    directoryExists: (path) => folders.has(path),
    getCurrentDirectory: () => '/app',
    readDirectory: () => [...files.keys()].filter((path) => path.endsWith('.ts')),
    realpath: (path) => path,
  };
}
