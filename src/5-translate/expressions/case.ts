/** CASE, simple and searched. */
import type { Case } from '../../3-parse/expression.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';

export function caseExpression(node: Case, scope: Scope): Fragment {
  const subject = node.subject === null ? [] : [' ', expression(node.subject, scope)];
  const branches = node.branches.flatMap(({ when, then }) => [
    ' when ',
    expression(when, scope),
    ' then ',
    expression(then, scope),
  ]);
  const otherwise = node.otherwise === null ? [] : [' else ', expression(node.otherwise, scope)];
  return fragment(bind.atom, 'case', ...subject, ...branches, ...otherwise, ' end');
}
