/** Where a site only reads the one field of the one row that a value stands for, the variable holds the value itself. */
import type { ResultUse, TextEdit } from '../2-find/result-use.js';
import { parameterName } from '../5-translate/names.js';
import type { Value } from './adapt-value.js';
import type { SourceView } from './place-context.js';
import { visibleNames } from './visible-names.js';

export interface DirectReads {
  readonly field: { readonly key: string; readonly optional: boolean };
  /** `rows[0].total` becomes the variable's name. */
  readonly reads: readonly TextEdit[];
  /** The site's own edits; `{ rows }` becomes a name that says what the value is. */
  readonly declaration: readonly TextEdit[];
}

/** Null where the rows are used in any other way. */
export function directReads(use: ResultUse, value: Value, view: SourceView): DirectReads | null {
  const [key, ...others] = value.keys;
  const rows = use.reads[0]?.rows;
  if (value.shape !== 'value' || use.shape !== 'rows' || !use.awaited || use.readsOnly !== true) return null;
  if (key === undefined || others.length > 0 || rows === undefined || !/^[\w$]+$/.test(rows)) return null;
  if (use.reads.some((read) => read.kind !== 'field' || read.key !== key || read.rows !== rows)) return null;

  // A name that the edits give is ours to choose; a variable that the user named keeps its name.
  const ours = use.edits.find((edit) => edit.text === rows && edit.end < use.target.start);
  const places = [use.target, ...use.reads.map((read) => read.span)];
  const visible = new Set(places.flatMap(({ start }) => [...visibleNames(view.source, start)]));
  const name = ours === undefined ? rows : view.names.fresh(parameterName(key, 1), visible);
  return {
    field: { key, optional: false },
    reads: use.reads.map((read) => ({ ...read.span, text: name })),
    declaration: use.edits.map((edit) => (edit === ours ? { ...edit, text: name } : edit)),
  };
}
