/**
 * A name that is one of several, as one call for each: `x ? 'a' : 'b'` is 'a' where `x` holds and 'b' elsewhere, and
 * a parameter of the type `'a' | 'b'` is 'a' where it equals 'a'.
 */
import { ts } from 'ts-morph';
import type { Span } from './call-site.js';
import { declaredNames } from './declared-names.js';
import { findConstant, unwrap } from './find-constant.js';

export interface RpcArm {
  /** Position of this call's name among `names`. */
  readonly index: number;
  /** In the order in which they are tried. */
  readonly names: readonly string[];
  /** conditions: as written, one for each name but the last · value: an expression that equals the name. */
  readonly chosen:
    | { readonly by: 'conditions'; readonly texts: readonly string[] }
    | { readonly by: 'value'; readonly text: string };
  /** The name in the call, which each call has as a literal. */
  readonly place: Span;
}

/** More would be a chain of conditions that is hard to read. */
const most = 2;

/** Null for a name that is none of two, or that would have to be computed twice. */
export function armsOf(name: ts.Expression): readonly RpcArm[] | null {
  const node = unwrap(name);
  const place = { start: name.getStart(), end: name.end };
  const direct = ts.isConditionalExpression(node) ? literalBranches(node) : null;
  const names = direct ?? (ts.isIdentifier(node) ? namesOf(node) : []);
  if (names.length !== most || new Set(names).size < most) return null;
  const chosen: RpcArm['chosen'] =
    direct !== null && ts.isConditionalExpression(node)
      ? { by: 'conditions', texts: [node.condition.getText()] }
      : { by: 'value', text: node.getText() };
  return names.map((_, index) => ({ index, names, chosen, place }));
}

function literalBranches({ whenTrue, whenFalse }: ts.ConditionalExpression): readonly string[] | null {
  const names = [whenTrue, whenFalse].map((one) => unwrap(one));
  return names.every((one) => ts.isStringLiteralLike(one)) ? names.map((one) => one.text) : null;
}

function namesOf(name: ts.Identifier): readonly string[] {
  const constant = findConstant(name);
  const value = constant === null ? null : unwrap(constant);
  if (value === null) return declaredNames(name);
  return (ts.isConditionalExpression(value) ? literalBranches(value) : null) ?? [];
}
