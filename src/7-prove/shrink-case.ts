/**
 * Makes a counter-example small: rows are taken away and arguments made plain for as long as old and new still
 * differ. Rows go by DELETE with the tables' own triggers off, so that foreign keys hold in what is left.
 */
import type { CloneSession } from './clone-session.js';
import type { ProofCase } from './pair.js';

export interface ShrinkLimits {
  readonly trials: number;
  readonly seconds: number;
}

export interface SeededRow {
  /** Quoted and qualified. */
  readonly table: string;
  /** From 0, in the order in which the rows lie; their texts may vary from one seeding to the next. */
  readonly position: number;
}

/** `differs` runs a case and tells whether old and new still differ. Gives the smallest case that was found. */
export async function shrinkCase(
  proofCase: ProofCase,
  rows: readonly SeededRow[],
  differs: (trial: ProofCase) => Promise<boolean>,
  limits: ShrinkLimits = { trials: 150, seconds: 10 },
): Promise<ProofCase> {
  const end = Date.now() + limits.seconds * 1000;
  let trials = 0;
  let best = proofCase;
  const attempt = async (trial: ProofCase): Promise<boolean> => {
    if (trials >= limits.trials || Date.now() > end) return false;
    trials += 1;
    if (!(await differs(trial))) return false;
    best = trial;
    return true;
  };
  let left = [...rows];
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length;) {
      const kept = [...left.slice(0, at), ...left.slice(at + size)];
      const gone = without(rows, kept);
      if (await attempt({ ...best, removed: removal(gone) })) left = kept;
      else at += size;
    }
  }
  // Two rows may only go together, as what two orders have in common.
  for (const pair of left.length <= 6 ? pairsOf(left) : []) {
    if (!pair.every((row) => left.includes(row))) continue;
    const kept = left.filter((row) => !pair.includes(row));
    if (await attempt({ ...best, removed: removal(without(rows, kept)) })) left = kept;
  }
  const args = proofCase.args;
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return best;
  for (const [key, value] of Object.entries(args as Record<string, unknown>)) {
    for (const plain of plainerThan(value)) {
      const current = best.args as Record<string, unknown>;
      if (await attempt({ ...best, args: { ...current, [key]: plain } })) break;
    }
  }
  return best;
}

/** The rows that are in the tables now; those that refer to others come first, for they go first. */
export async function seededRows(session: CloneSession): Promise<readonly SeededRow[]> {
  const links = await session.column(
    `SELECT json_build_array(format('%I.%I', n.nspname, c.relname), format('%I.%I', m.nspname, r.relname))::text
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace
      WHERE k.contype = 'f'`,
  );
  const pairs = links.map((link) => JSON.parse(link) as [string, string]);
  const tables = new Map((await session.rows()).map((table) => [table.name, table.rows.length]));
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const enter = (name: string): void => {
    if (entered.has(name)) return;
    entered.add(name);
    for (const [child, parent] of pairs) if (parent === name) enter(child);
    ordered.add(name);
  };
  for (const name of tables.keys()) enter(name);
  return [...ordered].flatMap((table) =>
    Array.from({ length: tables.get(table) ?? 0 }, (_, position) => ({ table, position })),
  );
}

function pairsOf(rows: readonly SeededRow[]): readonly (readonly SeededRow[])[] {
  return rows.flatMap((row, index) => rows.slice(index + 1).map((other) => [row, other]));
}

function without(rows: readonly SeededRow[], kept: readonly SeededRow[]): readonly SeededRow[] {
  return rows.filter((row) => !kept.includes(row));
}

/** The rows are noted before the first goes; in two rounds, because a row goes only after those that refer to it. */
function removal(rows: readonly SeededRow[]): readonly string[] {
  const tables = [...new Set(rows.map(({ table }) => table))];
  const notes = rows.map(
    ({ table, position }, index) =>
      `INSERT INTO pg_temp.mrpc_gone SELECT ${String(index)}, ctid FROM ${table} ORDER BY ctid LIMIT 1 OFFSET ${String(position)}`,
  );
  const deletes = rows.map(
    ({ table }, index) =>
      `DELETE FROM ${table} WHERE ctid = (SELECT place FROM pg_temp.mrpc_gone WHERE number = ${String(index)})`,
  );
  return [
    'CREATE TEMP TABLE mrpc_gone (number int, place tid)',
    ...notes,
    ...tables.map((table) => `ALTER TABLE ${table} DISABLE TRIGGER USER`),
    ...deletes.toReversed(),
    ...deletes,
    ...tables.map((table) => `ALTER TABLE ${table} ENABLE TRIGGER USER`),
    'DROP TABLE pg_temp.mrpc_gone',
  ];
}

function plainerThan(value: unknown): readonly unknown[] {
  if (typeof value === 'number') return [0, 1].filter((plain) => plain !== value);
  if (typeof value === 'string' && value.length > 1 && Number.isNaN(Number(value))) return ['', 'a'];
  if (Array.isArray(value) && value.length > 0) return [[], value.slice(0, 1)];
  return [];
}
