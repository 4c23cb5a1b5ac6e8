/**
 * Walks from an awaited call outwards through what the code does with its result, as far as the translated
 * query may take the place of what is there.
 */
import { ts } from 'ts-morph';
import { elementOf, memberOf, parenthesized, wrapped } from '../source/nodes.js';
import type { SiteRefusal } from './call-site.js';
import { fieldsOfBinding, fieldsOfRow, fieldsOfRows } from './find-result-fields.js';
import { followResultVariable } from './follow-result-variable.js';
import { followRowsPattern } from './follow-rows-pattern.js';
import { followRowsVariable } from './follow-rows-variable.js';
import {
  continuesOptionalChain,
  declaredName,
  followed,
  isRefusal,
  readsMetadata,
  renamedMember,
  withoutAssertions,
  type FollowedResult,
  type ResultContext,
} from './followed-result.js';
import { arrayEscapes, isPostgresJsMetadata } from './postgres-js-result.js';

export function followResult(
  awaited: ts.AwaitExpression,
  context: ResultContext,
): FollowedResult | SiteRefusal {
  if (!context.wrapsRows) return followRows(awaited, context);
  const value = wrapped(awaited);
  const { parent } = value;
  const member = memberOf(parent, value);
  if (member !== null && ts.isExpression(parent)) {
    if (member === 'rows') return followRows(parent, context);
    if (member !== 'rowCount' || !context.selects) return readsMetadata(parent);
    return followed(value, 'rows', { edits: [renamedMember(parent, 'length')], fields: new Set() });
  }
  if (ts.isExpressionStatement(parent)) return followed(awaited, 'nothing', { fields: new Set() });
  if (ts.isVariableDeclaration(parent) && !parent.type) {
    if (ts.isIdentifier(parent.name)) return followResultVariable(awaited, value, parent.name, context);
    if (ts.isObjectBindingPattern(parent.name)) {
      const pattern = followRowsPattern(parent.name, context);
      if (isRefusal(pattern)) return pattern;
      return pattern === 'whole'
        ? followed(awaited, 'result', { fields: 'all' })
        : followed(value, 'rows', pattern);
    }
  }
  const declares = ts.isVariableDeclaration(parent) ? declaredName(parent.name) : null;
  return followed(awaited, 'result', { fields: 'all', declares });
}

/** `rows` is an expression whose value is the array of rows. */
function followRows(rows: ts.Expression, context: ResultContext): FollowedResult | SiteRefusal {
  const { checker } = context;
  const element = elementOf(parenthesized(rows));
  if (element?.index === 0) return followRow(element.read, context);
  const value = wrapped(rows);
  const { parent } = value;
  const member = memberOf(parent, value);
  const target = ts.isAwaitExpression(rows) && member !== null ? value : rows;
  if (!context.wrapsRows && member !== null && ts.isExpression(parent) && isPostgresJsMetadata(member)) {
    if (member !== 'count' || !context.selects) return readsMetadata(parent);
    return followed(target, 'rows', { edits: [renamedMember(parent, 'length')], fields: new Set() });
  }
  if (ts.isExpressionStatement(parent)) return followed(rows, 'nothing', { fields: new Set() });
  if (ts.isVariableDeclaration(parent) && parent.initializer === value) {
    const { name, type } = parent;
    const declares = declaredName(name);
    if (!ts.isIdentifier(name)) {
      return followed(rows, 'rows', { declares, fields: fieldsOfBinding(checker, name, 'rows') });
    }
    const variable = followRowsVariable(name, context);
    if (isRefusal(variable)) return variable;
    if (variable.escapes && !context.wrapsRows && !type) {
      return followed(rows, 'result', { declares, fields: 'all' });
    }
    return followed(rows, 'rows', { ...variable, declares, ...(type ? { fields: 'all' as const } : {}) });
  }
  const shape = !context.wrapsRows && arrayEscapes(checker, rows) ? 'result' : 'rows';
  return followed(target, shape, { fields: fieldsOfRows(checker, rows) });
}

/** `row` is an expression whose value is the first row or undefined. */
function followRow(row: ts.Expression, { checker }: ResultContext): FollowedResult {
  const value = withoutAssertions(row);
  const { parent } = value;
  const key = memberOf(parent, value);
  if (key !== null && ts.isExpression(parent) && !continuesOptionalChain(parent)) {
    const optional = ts.isPropertyAccessExpression(parent) && parent.questionDotToken !== undefined;
    return followed(parent, 'field', {
      field: { key, optional },
      fields: new Set([key]),
      declares: nameOfDeclaration(parent),
    });
  }
  if (ts.isExpressionStatement(wrapped(row).parent)) return followed(row, 'nothing', { fields: new Set() });
  return followed(row, 'row', { fields: fieldsOfRow(checker, row), declares: nameOfDeclaration(row) });
}

function nameOfDeclaration(initializer: ts.Expression): string | null {
  const { parent } = wrapped(initializer);
  return ts.isVariableDeclaration(parent) ? declaredName(parent.name) : null;
}
