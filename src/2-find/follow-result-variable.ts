/**
 * `const result = await …` over a driver's result: when every reference reads its rows or their number,
 * the variable becomes the rows; when it is passed on, it stays the whole result.
 */
import { ts } from 'ts-morph';
import { memberOf } from '../source/nodes.js';
import { referencesOf } from '../source/references.js';
import type { SiteRefusal } from './call-site.js';
import { fieldsOfRows, unionOf, type Fields } from './find-result-fields.js';
import {
  followed,
  isRefusal,
  readsMetadata,
  renamedMember,
  withoutAssertions,
  type FollowedResult,
  type ResultContext,
} from './followed-result.js';
import { followRowsPattern } from './follow-rows-pattern.js';
import { readOfRows } from './follow-rows-variable.js';
import type { Read, TextEdit } from './result-use.js';

/** `initializer` is `awaited` with the casts to a driver's result round it, which the rows no longer need. */
export function followResultVariable(
  awaited: ts.AwaitExpression,
  initializer: ts.Expression,
  name: ts.Identifier,
  context: ResultContext,
): FollowedResult | SiteRefusal {
  const { references, exported } = referencesOf(context.checker, name);
  const whole = followed(awaited, 'result', { fields: 'all', declares: name.text });
  if (exported) return whole;
  const uses: ReferenceUse[] = [];
  let refusal: SiteRefusal | null = null;
  for (const reference of references) {
    const use = followReference(reference, context);
    if (use === 'whole') return whole;
    if (isRefusal(use)) refusal ??= use;
    else uses.push(use);
  }
  if (refusal) return refusal;
  return followed(initializer, 'rows', {
    edits: uses.flatMap(({ edits }) => edits),
    reads: uses.flatMap(({ reads }) => reads),
    readsOnly: uses.every(({ readsOnly }) => readsOnly),
    fields: unionOf(uses.map(({ fields }) => fields)),
    declares: name.text,
  });
}

interface ReferenceUse {
  readonly edits: readonly TextEdit[];
  readonly reads: readonly Read[];
  readonly readsOnly: boolean;
  readonly fields: Fields;
}

function followReference(
  reference: ts.Identifier,
  context: ResultContext,
): ReferenceUse | SiteRefusal | 'whole' {
  const value = withoutAssertions(reference);
  const { parent } = value;
  const member = memberOf(parent, value);
  if (member !== null && ts.isExpression(parent)) {
    if (member === 'rows') return rowsRead(value, parent, context);
    if (member !== 'rowCount' || !context.selects) return readsMetadata(parent);
    return {
      edits: [renamedMember(parent, 'length')],
      reads: [],
      readsOnly: false,
      fields: new Set(),
    };
  }
  if (
    ts.isVariableDeclaration(parent) &&
    parent.initializer === value &&
    !parent.type &&
    ts.isObjectBindingPattern(parent.name)
  )
    return followRowsPattern(parent.name, context);
  return 'whole';
}

/** `result.rows…`: `.rows` goes, whatever follows it stays. */
function rowsRead(result: ts.Expression, access: ts.Expression, { checker }: ResultContext): ReferenceUse {
  const read = readOfRows(access, result.getText());
  return {
    edits: [{ start: result.end, end: access.end, text: '' }],
    reads: read ? [read] : [],
    readsOnly: read !== null,
    fields: fieldsOfRows(checker, access),
  };
}
