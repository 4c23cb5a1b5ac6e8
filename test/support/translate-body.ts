import { readCatalog } from '../../src/1-read/read-catalog.js';
import type { UserProject } from '../../src/1-read/user-project.js';
import { parseRoutines } from '../../src/3-parse/parse-routines.js';
import { classify } from '../../src/4-classify/classify.js';
import type { ModuleDraft } from '../../src/5-translate/draft.js';
import { printLines } from '../../src/5-translate/print/print-lines.js';
import { translateSteps } from '../../src/5-translate/translate-steps.js';
import { startEmbedded } from '../../src/io/embedded-database.js';
import { loadSqlParser } from '../../src/sql/load-sql-parser.js';

export interface TranslatedBody {
  readonly name: string;
  /** `complete`, `skeleton`, the reason of a refusal, or `no body of several steps`. */
  readonly outcome: string;
  /** The lines of the generated function; empty where there is none. */
  readonly text: string;
  /** What is left to write, by the names of its constructs. */
  readonly untranslated: readonly string[];
}

/** Each function of `sql`, in the order of its name; without tables it is translated without a Drizzle schema. */
export async function translateBodies(
  sql: string,
  tables: UserProject['tables'] = [],
): Promise<readonly TranslatedBody[]> {
  await loadSqlParser();
  const db = await startEmbedded({ extensions: [] });
  try {
    await db.query(sql);
    const catalog = await readCatalog(db);
    const routines = catalog.routines.filter(({ kind }) => kind === 'function' || kind === 'procedure');
    const bodies = await parseRoutines(routines, catalog, db);
    return routines
      .map((routine): TranslatedBody => {
        const verdict = classify(routine, bodies.get(routine.oid) ?? [], catalog);
        const { name } = routine;
        if (verdict.kind !== 'multi-step')
          return { name, outcome: 'no body of several steps', text: '', untranslated: [] };
        const input = {
          routine,
          verdict,
          catalog,
          project: { ...project, tables },
          nullable: new Set<number>(),
          columns: [],
        };
        const draft = translateSteps(input);
        if (draft.kind === 'none')
          return { name, outcome: `${draft.reason}: ${draft.detail}`, text: '', untranslated: [] };
        return {
          name,
          outcome: draft.completeness,
          text: printed(draft),
          untranslated: draft.untranslated ?? [],
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    await db.terminate();
  }
}

const project: UserProject = {
  root: '/project',
  packageFile: '/project/package.json',
  tsconfig: null,
  drizzleVersion: '0.45.4',
  tables: [],
  clients: [{ file: '/project/db.ts', exportName: 'db', driver: 'node-postgres' }],
  transactionHelpers: [],
  notes: [],
};

function printed(draft: ModuleDraft): string {
  return printLines(draft.body, {
    import: (_module, name) => name,
    table: (_schema, table) => table,
    routine: (_module, name) => name,
    executor: draft.executor,
    transaction: 'transaction',
    argument: (position) => draft.parameters.find((one) => one.position === position)?.name ?? '',
  });
}
