/** What the rows of a case are like, beside their keys and references. */
import type { BodyFacts } from './body-facts.js';

export const rowCount = 4;

export interface RowVariant {
  readonly name: string;
  /**
   * plain: with literals of the body and their neighbours · other: other literals · edges: values at the limits
   * of their types · nulls: NULL wherever it may stand · alike: every row as the first · reversed: the first row
   * as the last.
   */
  readonly base: 'plain' | 'other' | 'edges' | 'nulls' | 'alike' | 'reversed';
  /** Which of several literals comes first. */
  readonly turn: number;
  /** The one column, as `oid.column`, that differs from row to row, and which part of its values is used. */
  readonly only: { readonly key: string; readonly chunk: number } | null;
  /** Every row refers to the first parent, and every moment is this one: 'now', 'yesterday', 'tomorrow'. */
  readonly crowd?: string;
  /** So many rows instead of four, each on the same side of what the body compares its numbers with. */
  readonly many?: { readonly rows: number; readonly side: 1 | -1 };
  /** Numbers are 0, texts empty and booleans false where that may be; keys begin at 0, each parent has one row. */
  readonly falsy?: true;
  /** Keys that meet a number stand just beside it. */
  readonly keys?: 'by literals';
  /** Tables without rows, as pg_class OIDs. */
  readonly empty?: readonly number[];
  /** So are the tables that refer to these; otherwise a table that others refer to keeps its rows. */
  readonly cascade?: true;
}

export const plainRows: RowVariant = { name: '', base: 'plain', turn: 0, only: null };

const whole: readonly RowVariant[] = (['other', 'edges', 'nulls', 'reversed'] as const).map((base) => ({
  name: base,
  base,
  turn: 0,
  only: null,
}));

/**
 * The plain rows first. Where all rows are alike but for one column, that column alone decides what a condition
 * finds and what an order puts first; each literal of the body gets its turn as the value of the others.
 */
export function rowVariants({
  columns,
  setColumns,
  relations,
  columnLiterals,
  rowsAsked,
}: BodyFacts): readonly RowVariant[] {
  const turns = [0, 1, 2];
  const alike = turns.map((turn): RowVariant => ({
    name: `alike ${String(turn + 1)}`,
    base: 'alike',
    turn,
    only: null,
  }));
  // Several rows to a group, a parent or a day show what counts and sums them.
  const crowded = ['now', 'yesterday', 'tomorrow'].map((moment): RowVariant => ({
    ...plainRows,
    name: `crowd of ${moment}`,
    crowd: moment,
  }));
  // More rows that a condition finds than a LIMIT lets through, under one parent.
  const rows = Math.max(rowCount + 2, rowsAsked);
  const many = ([1, -1] as const).map((side): RowVariant => ({
    ...plainRows,
    name: `many ${side === 1 ? 'above' : 'below'}`,
    turn: side === 1 ? 0 : 1,
    many: { rows, side },
  }));
  // What takes a value for NULL because it is falsy, and what takes one row for none.
  const falsy: RowVariant = { ...plainRows, name: 'falsy', falsy: true };
  const single = [0, 1].flatMap((chunk) =>
    turns.flatMap((turn) =>
      columns.slice(0, 12).map((key): RowVariant => ({
        name: `${key.replace(/^\d+\./, '')} ${String(turn + 1)}.${String(chunk + 1)}`,
        base: 'alike',
        turn,
        only: { key, chunk },
      })),
    ),
  );
  const last = single
    .filter(({ turn, only }) => turn === 0 && only?.chunk === 0)
    .map((variant): RowVariant => ({ ...variant, name: `${variant.name} late`, only: later(variant.only) }));
  // Where one table alone would do, the rows of the other hide what this one decides.
  const several = relations.length > 1;
  const without = several
    ? relations.map((oid): RowVariant => ({
        ...plainRows,
        name: `without ${String(oid)}`,
        empty: [oid],
        cascade: true,
      }))
    : [];
  const lonely = several
    ? single
        .filter(({ turn, only }) => turn === 0 && only?.chunk === 0)
        .map((variant): RowVariant => {
          const own = Number(variant.only?.key.split('.')[0]);
          return { ...variant, name: `${variant.name} alone`, empty: relations.filter((oid) => oid !== own) };
        })
    : [];
  // A row that holds something else shows that a column was set.
  const set = setColumns
    .filter((key) => !columns.slice(0, 12).includes(key))
    .map((key): RowVariant => ({
      name: `${key.replace(/^\d+\./, '')} set`,
      base: 'alike',
      turn: 0,
      only: { key, chunk: 0 },
    }));
  const numbers = [...columnLiterals.values()].some((texts) =>
    texts.some((text) => /^\d+$/.test(text) && Number(text) > rowCount),
  );
  const keyed: readonly RowVariant[] = numbers
    ? [{ ...plainRows, name: 'keys by literals', keys: 'by literals' }]
    : [];
  return [
    plainRows,
    ...alike,
    ...crowded,
    ...many,
    falsy,
    ...whole,
    ...keyed,
    ...set,
    ...without,
    ...single,
    ...last,
    ...lonely,
  ];
}

function later(only: RowVariant['only']): RowVariant['only'] {
  return only === null ? null : { ...only, chunk: 2 };
}

/** How many rows a table has. */
export function rowsOf({ many }: RowVariant): number {
  return many?.rows ?? rowCount;
}

/** The row whose values a row takes. */
export function likeness({ base }: RowVariant, row: number): number {
  if (base === 'alike') return 1;
  return base === 'reversed' ? rowCount + 1 - row : row;
}

/** Where the spellings of a row begin. */
export function firstSpelling({ base }: RowVariant): number {
  return base === 'edges' ? 2 : base === 'other' ? 1 : 0;
}
