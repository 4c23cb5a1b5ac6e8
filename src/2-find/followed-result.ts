/** What the walk round an awaited call finds, and what it needs to know of the call. */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';
import type { Fields } from './find-result-fields.js';
import type { ResultUse, TextEdit } from './result-use.js';

export interface ResultContext {
  readonly checker: ts.TypeChecker;
  /** The rows are in `.rows` (pg, PGlite); else the awaited value is the array of rows (postgres.js). */
  readonly wrapsRows: boolean;
  /** The statement is a SELECT, whose row count is the number of its rows. */
  readonly selects: boolean;
}

/** The part of a ResultUse that the surroundings of the awaited call decide. */
export interface FollowedResult extends Pick<ResultUse, 'shape' | 'field' | 'edits' | 'reads' | 'declares'> {
  readonly target: ts.Expression;
  readonly fields: Fields;
  /** Every use of the variable with the rows is in `reads`. */
  readonly readsOnly: boolean;
}

export function followed(
  target: ts.Expression,
  shape: ResultUse['shape'],
  rest: Partial<Omit<FollowedResult, 'target' | 'shape'>> & { readonly fields: Fields },
): FollowedResult {
  return { field: null, edits: [], reads: [], declares: null, readsOnly: false, ...rest, target, shape };
}

export function isRefusal(value: object | string): value is SiteRefusal {
  return typeof value === 'object' && 'reason' in value;
}

/** The code reads something of the response that a query builder does not give. */
export function readsMetadata(read: ts.Node): SiteRefusal {
  return { reason: 'response-metadata', detail: `The code reads ${read.getText()}.` };
}

/** `.rowCount` becomes `.length`, whatever stands before it. */
export function renamedMember(access: ts.Expression, name: string): TextEdit {
  if (ts.isPropertyAccessExpression(access)) {
    return { start: access.name.getStart(), end: access.name.end, text: name };
  }
  const key = ts.isElementAccessExpression(access) ? access.argumentExpression : access;
  return { start: key.getStart(), end: key.end, text: `'${name}'` };
}

/** The first name that a declaration makes. */
export function declaredName(name: ts.BindingName): string | null {
  if (ts.isIdentifier(name)) return name.text;
  for (const element of name.elements) {
    const found = ts.isOmittedExpression(element) ? null : declaredName(element.name);
    if (found !== null) return found;
  }
  return null;
}

/** In `row?.a.b` the read of `a` decides whether `.b` runs, so it cannot be replaced alone. */
export function continuesOptionalChain(access: ts.Node): boolean {
  return (
    ts.isOptionalChain(access) && ts.isOptionalChain(access.parent) && access.parent.expression === access
  );
}

/** The expression with the `!` and parentheses round it. */
export function withoutAssertions(value: ts.Expression): ts.Expression {
  const { parent } = value;
  return ts.isNonNullExpression(parent) || ts.isParenthesizedExpression(parent)
    ? withoutAssertions(parent)
    : value;
}
