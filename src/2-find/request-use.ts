/** What becomes of the answer `{ data, error }` to a request. */
import type { Span } from './call-site.js';
import type { ClaimedTypes } from './claimed-types.js';
import type { RequestColumn, RequestQuery } from './request-query.js';

export interface RequestUse {
  /**
   * The `data` of a success: rows (an array of objects) · values (an array of the one column's values) ·
   * row (an object) · value · nothing (null, for void).
   */
  readonly data: 'rows' | 'values' | 'row' | 'value' | 'nothing';
  /** Nothing reads `data`. */
  readonly unread: boolean;
  /** A set that has to be one row, or at most one. */
  readonly rows: 'single' | 'maybe-single' | null;
  /**
   * answer: `{ data, error }`, an error is a value · thrown: `{ data }`, the request rejects with its error ·
   * data: the data alone, the request rejects.
   */
  readonly failure: 'answer' | 'thrown' | 'data';
  /** What its methods ask of the rows; missing when they ask for all as they are. */
  readonly query?: RequestQuery;
  /** Columns that are taken out of the rows where they arrive. */
  readonly picks?: readonly RequestColumn[];
  /** Helpers that make values of the rows, or the value itself, those of JSON; by the columns' names. */
  readonly conversions?: readonly { readonly key: string; readonly helper: string }[];
  /** The statement itself was made to give the values in their form, which the steps of the body do not. */
  readonly inStatement?: true;
  /** What its type says of the data. */
  readonly claimed?: ClaimedTypes;
  /** What is claimed is written where the database says less, because the code counts on it. */
  readonly asClaimed?: true;
  /** The request with all that is called on it, without `await`. */
  readonly span: Span;
}
