/** An expression as a piece of SQL, with columns, arguments and subqueries as code. One file a kind, or a family. */
import type { Expression } from '../../3-parse/expression.js';
import type { Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { array, fieldSelection, row, subscript } from './array.js';
import { booleanOperation, booleanTest, distinctTest, nullTest } from './boolean.js';
import { call } from './call.js';
import { caseExpression } from './case.js';
import { cast } from './cast.js';
import { coalesce, minMax, nullIf } from './coalesce.js';
import { column, wholeRow } from './column.js';
import { grouping } from './grouping.js';
import { literal, nullLiteral } from './literal.js';
import { arrayComparison, between, inList, patternMatch } from './membership.js';
import { operator } from './operator.js';
import { parameter, variable } from './parameter.js';
import { arraySubquery, exists, scalarSubquery, subqueryComparison } from './subquery.js';
import { atTimeZone, collate, extract, valueFunction } from './time.js';

export function expression(node: Expression, scope: Scope): Fragment {
  switch (node.kind) {
    case 'column':
      return column(node, scope);
    case 'whole-row':
      return wholeRow(node, scope);
    case 'parameter':
      return parameter(node, scope);
    case 'variable':
      return variable(node, scope);
    case 'literal':
      return literal(node);
    case 'null':
      return nullLiteral();
    case 'operator':
      return operator(node, scope);
    case 'and':
    case 'or':
    case 'not':
      return booleanOperation(node, scope);
    case 'null-test':
      return nullTest(node, scope);
    case 'boolean-test':
      return booleanTest(node, scope);
    case 'distinct':
      return distinctTest(node, scope);
    case 'between':
      return between(node, scope);
    case 'in-list':
      return inList(node, scope);
    case 'array-comparison':
      return arrayComparison(node, scope);
    case 'pattern':
      return patternMatch(node, scope);
    case 'cast':
      return cast(node, scope);
    case 'case':
      return caseExpression(node, scope);
    case 'coalesce':
      return coalesce(node, scope);
    case 'greatest':
    case 'least':
      return minMax(node, scope);
    case 'nullif':
      return nullIf(node, scope);
    case 'call':
      return call(node, scope);
    case 'value-function':
      return valueFunction(node);
    case 'array':
      return array(node, scope);
    case 'row':
      return row(node, scope);
    case 'subscript':
      return subscript(node, scope);
    case 'field':
      return fieldSelection(node, scope);
    case 'at-time-zone':
      return atTimeZone(node, scope);
    case 'extract':
      return extract(node, scope);
    case 'collate':
      return collate(node, scope);
    case 'scalar-subquery':
      return scalarSubquery(node, scope);
    case 'exists':
      return exists(node, scope);
    case 'subquery-comparison':
      return subqueryComparison(node, scope);
    case 'array-subquery':
      return arraySubquery(node, scope);
    case 'grouping':
      return grouping(node, scope);
    case 'default':
      return unsupported('DEFAULT inside an expression');
    case 'unsupported':
      return unsupported(node.construct);
  }
}
