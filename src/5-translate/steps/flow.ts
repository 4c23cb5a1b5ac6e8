/** What is known at one point of a body: where variables live, what FOUND is, and what cannot be NULL. */
import type { Code, Line } from '../code.js';

/** One row that a statement gave: `const [job] = await …`. */
export interface Row {
  readonly name: string;
  /** The statement gives one row whatever the tables hold. */
  readonly certain: boolean;
}

/** Where the value of a variable is. */
export type Binding =
  /** Declared, and nothing assigned yet. */
  | { readonly kind: 'null' }
  | {
      readonly kind: 'local';
      readonly code: Code;
      readonly type: number;
      readonly nullable: boolean;
      readonly given?: boolean;
    }
  | {
      readonly kind: 'field';
      readonly row: Row;
      readonly key: string;
      readonly type: number;
      /** May the field be NULL in a row that is there? */
      readonly nullable: boolean;
      /** As the driver gave it, for the caller alone. */
      readonly given?: boolean;
    }
  | {
      readonly kind: 'fragment';
      readonly code: Code;
      readonly definition: Code;
      readonly type: number;
      /** Arguments that are sent where it is used. */
      readonly sends: readonly number[];
    }
  | { readonly kind: 'record'; readonly row: Row; readonly fields: ReadonlyMap<string, Binding> }
  /** Assigned by a piece that is not translated. */
  | { readonly kind: 'unknown' };

/** FOUND: a row that may be missing, a count that its statement is asked for when it is read, or known. */
export type Found =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'count'; readonly source: CountSource }
  | { readonly kind: 'constant'; readonly value: boolean }
  /** In a variable of the function. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'unknown' };

/** One value, so that branches which both keep it agree. */
export const keptFound: Found = { kind: 'kept' };

/** A statement whose result is only named when its row count is read. */
export interface CountSource {
  readonly list: Line[];
  readonly index: number;
  readonly query: Code;
  /** rows: its length counts · result: the driver's own count. */
  readonly form: 'rows' | 'result';
  name: string | null;
}

export interface Flow {
  readonly bindings: Map<number, Binding>;
  found: Found;
  /** What GET DIAGNOSTICS would tell; null: not known. */
  rowCount: CountSource | { readonly rows: 'one' | Row } | null;
  /** `v3`, `v3.name`, `p1`: not NULL here. */
  readonly known: Set<string>;
  /** Names of rows that are there. */
  readonly present: Set<string>;
  /** Positions of arguments that a statement has sent as exactly their type. */
  readonly sent: Set<number>;
  /** Tables that were read without a lock. */
  readonly unlocked: Set<string>;
  /** Rows that are locked and unchanged as long as `at` is the number of statements sent. */
  steady: { readonly rows: Set<string>; at: number };
  statements: number;
  reads: number;
  /** Of the path with the most, among those that have ended. */
  peak: number;
  /** Statements sent when the first lock was taken, it included; null: none is held. */
  locked: number | null;
  /** Ended by RETURN or RAISE. */
  ended: boolean;
}

export function startFlow(): Flow {
  return {
    bindings: new Map(),
    found: { kind: 'constant', value: false },
    rowCount: null,
    known: new Set(),
    present: new Set(),
    sent: new Set(),
    unlocked: new Set(),
    steady: { rows: new Set(), at: 0 },
    statements: 0,
    reads: 0,
    peak: 0,
    locked: null,
    ended: false,
  };
}

export function branchOf(flow: Flow): Flow {
  return {
    ...flow,
    bindings: new Map(flow.bindings),
    known: new Set(flow.known),
    present: new Set(flow.present),
    sent: new Set(flow.sent),
    unlocked: new Set(flow.unlocked),
    steady: { rows: new Set(flow.steady.rows), at: flow.steady.at },
  };
}

/** Takes over into `flow` what holds whichever of the branches ran; those that ended are left out. */
export function join(flow: Flow, branches: readonly Flow[]): void {
  const open = branches.filter((branch) => !branch.ended);
  const [first, ...rest] = open;
  const going = first === undefined ? branches : open;
  const steady = going.every(({ steady: { at }, statements }) => at === statements);
  flow.peak = Math.max(...branches.map((branch) => Math.max(branch.peak, branch.statements)));
  flow.statements = Math.max(...going.map((branch) => branch.statements));
  flow.reads = Math.max(...going.map((branch) => branch.reads));
  const rows = steady ? [...(going[0]?.steady.rows ?? [])] : [];
  const kept = rows.filter((row) => going.every((branch) => branch.steady.rows.has(row)));
  flow.steady = { rows: new Set(kept), at: flow.statements };
  const locks = branches.flatMap((branch) => branch.locked ?? []);
  flow.locked = locks.length === 0 ? null : Math.min(...locks);
  if (first === undefined) {
    flow.ended = true;
    return;
  }
  for (const id of flow.bindings.keys()) {
    const bindings = open.map((branch) => branch.bindings.get(id));
    const [one] = bindings;
    const same = one !== undefined && bindings.every((each) => sameBinding(each, one));
    flow.bindings.set(id, same ? one : { kind: 'unknown' });
  }
  flow.found = rest.every((branch) => branch.found === first.found) ? first.found : { kind: 'unknown' };
  flow.rowCount = rest.every((branch) => branch.rowCount === first.rowCount) ? first.rowCount : null;
  keep(
    flow.known,
    open.map((branch) => branch.known),
  );
  keep(
    flow.present,
    open.map((branch) => branch.present),
  );
  for (const branch of open) for (const table of branch.unlocked) flow.unlocked.add(table);
  keep(
    flow.sent,
    open.map((branch) => branch.sent),
  );
}

function sameBinding(a: Binding | undefined, b: Binding): boolean {
  if (a === b) return true;
  return a?.kind === 'local' && b.kind === 'local' && JSON.stringify(a.code) === JSON.stringify(b.code);
}

function keep<T>(into: Set<T>, sets: readonly ReadonlySet<T>[]): void {
  const [first] = sets;
  into.clear();
  for (const item of first ?? []) if (sets.every((set) => set.has(item))) into.add(item);
}
