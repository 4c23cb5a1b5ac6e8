/** The result of postgres.js: an array of rows that carries the response beside them. */
import { ts } from 'ts-morph';
import { elementOf, memberOf, wrapped } from '../source/nodes.js';
import { isTested } from './find-result-fields.js';

/** What stands on the array beside its rows. */
export function isPostgresJsMetadata(member: string): boolean {
  return ['count', 'command', 'columns', 'statement', 'state'].includes(member);
}

/**
 * Does the array itself leave for code that might read its metadata? Not where it is seen under a type
 * that has none, such as `Row[]`.
 */
export function arrayEscapes(checker: ts.TypeChecker, use: ts.Expression): boolean {
  const value = wrapped(use);
  const { parent } = value;
  if (elementOf(value) || memberOf(parent, value) !== null || isTested(value)) return false;
  if (ts.isExpressionStatement(parent) || ts.isVariableDeclaration(parent)) return false;
  if (ts.isForOfStatement(parent) || ts.isSpreadElement(parent)) return false;
  const seenAs = value === use ? checker.getContextualType(value) : checker.getTypeAtLocation(value);
  return !seenAs || !hidesMetadata(checker, seenAs);
}

function hidesMetadata(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return false;
  // An async function's return expression may be the value or a promise of it.
  const members = type.isUnion() ? type.types : [type];
  return members.some(
    (member) => checker.isArrayType(member) && checker.getPropertyOfType(member, 'count') === undefined,
  );
}
