/** A variable that holds the array of rows: which reads of it there are, and whether it leaves. */
import { ts } from 'ts-morph';
import { elementOf, memberOf } from '../source/nodes.js';
import { referencesOf } from '../source/references.js';
import type { SiteRefusal } from './call-site.js';
import { fieldsOfRows, unionOf, type Fields } from './find-result-fields.js';
import {
  continuesOptionalChain,
  readsMetadata,
  renamedMember,
  withoutAssertions,
  type ResultContext,
} from './followed-result.js';
import { arrayEscapes, isPostgresJsMetadata } from './postgres-js-result.js';
import type { Read, TextEdit } from './result-use.js';

export interface RowsVariable {
  readonly fields: Fields;
  readonly reads: readonly Read[];
  readonly readsOnly: boolean;
  readonly edits: readonly TextEdit[];
  /** The array is passed on, returned or exported. */
  readonly escapes: boolean;
}

export function followRowsVariable(name: ts.Identifier, context: ResultContext): RowsVariable | SiteRefusal {
  const { checker } = context;
  const { references, exported } = referencesOf(checker, name);
  const reads: Read[] = [];
  const edits: TextEdit[] = [];
  for (const reference of references) {
    const { parent } = reference;
    const member = memberOf(parent, reference);
    if (!context.wrapsRows && member !== null && ts.isExpression(parent) && isPostgresJsMetadata(member)) {
      if (member !== 'count' || !context.selects) return readsMetadata(parent);
      edits.push(renamedMember(parent, 'length'));
    }
    const read = readOfRows(reference, name.text);
    if (read) reads.push(read);
  }
  return {
    reads,
    edits,
    readsOnly: !exported && reads.length === references.length,
    escapes: exported || references.some((reference) => arrayEscapes(checker, reference)),
    fields: exported ? 'all' : unionOf(references.map((reference) => fieldsOfRows(checker, reference))),
  };
}

/** The read of the first row, or of a field of it, that begins with this expression; null for any other use. */
export function readOfRows(rows: ts.Expression, text: string): Read | null {
  const element = elementOf(withoutAssertions(rows));
  if (element?.index !== 0) return null;
  const row = withoutAssertions(element.read);
  const key = memberOf(row.parent, row);
  const access = row.parent;
  if (key !== null && !continuesOptionalChain(access)) {
    if (isWritten(access)) return null;
    const optional = ts.isPropertyAccessExpression(access) && access.questionDotToken !== undefined;
    return { span: spanOf(access), kind: 'field', key, optional, rows: text };
  }
  if (isWritten(element.read)) return null;
  return { span: spanOf(element.read), kind: 'row', key: null, optional: false, rows: text };
}

function spanOf(node: ts.Node): Read['span'] {
  return { start: node.getStart(), end: node.end };
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent) && parent.left === node) {
    const operator = parent.operatorToken.kind;
    return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
  }
  return (
    ts.isDeleteExpression(parent) ||
    ts.isPostfixUnaryExpression(parent) ||
    (ts.isPrefixUnaryExpression(parent) &&
      [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(parent.operator))
  );
}
