/** `const { rows, rowCount } = …` over a driver's result: the pattern becomes the variable with the rows. */
import { ts } from 'ts-morph';
import { referencesOf } from '../source/references.js';
import type { SiteRefusal } from './call-site.js';
import { fieldsOfBinding, keyOf } from './find-result-fields.js';
import {
  declaredName,
  isRefusal,
  readsMetadata,
  type FollowedResult,
  type ResultContext,
} from './followed-result.js';
import { followRowsVariable } from './follow-rows-variable.js';
import type { TextEdit } from './result-use.js';

export type RowsPattern = Pick<FollowedResult, 'edits' | 'reads' | 'readsOnly' | 'fields' | 'declares'>;

/** `whole`: a rest element takes the result apart. A field that is not rows or their count is refused. */
export function followRowsPattern(
  pattern: ts.ObjectBindingPattern,
  context: ResultContext,
): RowsPattern | SiteRefusal | 'whole' {
  let rows: ts.BindingElement | null = null;
  let count: ts.BindingElement | null = null;
  for (const element of pattern.elements) {
    const key = keyOf(element);
    if (key === null) return 'whole';
    if (key === 'rows') rows = element;
    else if (key === 'rowCount' && context.selects) count = element;
    else return readsMetadata(element);
  }
  if (rows === null) return count === null ? emptyPattern(pattern) : countAlone(pattern, count);
  const replaced: TextEdit = { start: pattern.getStart(), end: pattern.end, text: rows.name.getText() };
  const counts = count === null ? [] : countEdits(count, rows.name, context);
  if (counts === null) return readsMetadata(count ?? pattern);
  const declares = declaredName(rows.name);
  const edits = [replaced, ...counts];
  if (!ts.isIdentifier(rows.name)) {
    const fields = fieldsOfBinding(context.checker, rows.name, 'rows');
    return { edits, declares, fields, reads: [], readsOnly: false };
  }
  const variable = followRowsVariable(rows.name, context);
  return isRefusal(variable)
    ? variable
    : { ...variable, edits, declares, readsOnly: variable.readsOnly && count === null };
}

/** Each use of the count becomes the length of the rows; null when it has uses that cannot be seen. */
function countEdits(
  count: ts.BindingElement,
  rows: ts.BindingName,
  { checker }: ResultContext,
): readonly TextEdit[] | null {
  if (!ts.isIdentifier(count.name) || !ts.isIdentifier(rows)) return null;
  const { references, exported } = referencesOf(checker, count.name);
  if (exported) return null;
  return references.map((reference) => {
    const length = `${rows.text}.length`;
    const text = ts.isShorthandPropertyAssignment(reference.parent) ? `${reference.text}: ${length}` : length;
    return { start: reference.getStart(), end: reference.end, text };
  });
}

function countAlone(pattern: ts.ObjectBindingPattern, count: ts.BindingElement): RowsPattern {
  const text = `{ length: ${count.name.getText()} }`;
  return {
    edits: [{ start: pattern.getStart(), end: pattern.end, text }],
    reads: [],
    readsOnly: false,
    fields: new Set(),
    declares: declaredName(count.name),
  };
}

function emptyPattern(pattern: ts.ObjectBindingPattern): RowsPattern {
  return { edits: [], reads: [], readsOnly: false, fields: new Set(), declares: declaredName(pattern) };
}
