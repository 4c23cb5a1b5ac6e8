/** Faults in calls of the query builder and its operators. */
import { ts } from 'ts-morph';
import type { Operator } from './operators.js';
import { replaced } from './replaced.js';

const comparisons: Readonly<Record<string, string>> = {
  gt: 'gte',
  gte: 'gt',
  lt: 'lte',
  lte: 'lt',
  eq: 'ne',
  ne: 'eq',
  isNull: 'isNotNull',
  isNotNull: 'isNull',
  inArray: 'notInArray',
  notInArray: 'inArray',
  exists: 'notExists',
  notExists: 'exists',
  like: 'ilike',
  ilike: 'like',
};

/** The operator is reached through the user's own drizzle-orm, which the stand-alone text imports from. */
const otherOperator: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node) || ts.isPropertyAccessExpression(node.expression)) return [];
  const other = comparisons[callee(node)];
  if (other === undefined) return [];
  const args = node.arguments.map(text).join(', ');
  return [replaced('another comparison', node, `require('drizzle-orm').${other}(${args})`)];
};

const dropTerm: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node)) return [];
  const name = callee(node);
  if ((name === 'and' || name === 'or') && node.arguments.length > 1) {
    return node.arguments.map((_, dropped) => {
      const rest = node.arguments.filter((_one, index) => index !== dropped).map(text);
      return replaced('drop a WHERE term', node, `${text(node.expression)}(${rest.join(', ')})`);
    });
  }
  const only = node.arguments[0];
  if (name !== 'where' || only === undefined) return [];
  return [replaced('drop a WHERE term', only, 'undefined')];
};

const andForOr: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node) || node.arguments.length < 2) return [];
  const name = callee(node);
  if (name !== 'and' && name !== 'or') return [];
  const other = name === 'and' ? 'or' : 'and';
  return [
    replaced('and for or', node, `require('drizzle-orm').${other}(${node.arguments.map(text).join(', ')})`),
  ];
};

/** `x.limit(1)` becomes `x`. */
const dropped: Readonly<Record<string, string>> = {
  for: 'lose a lock',
  orderBy: 'drop ORDER BY',
  limit: 'drop LIMIT',
  offset: 'drop OFFSET',
  groupBy: 'drop GROUP BY',
  having: 'drop HAVING',
  onConflictDoNothing: 'drop ON CONFLICT',
  onConflictDoUpdate: 'drop ON CONFLICT',
};
const dropCall: Operator = ({ node, text }) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const operator = dropped[node.expression.name.text];
  return operator === undefined ? [] : [replaced(operator, node, text(node.expression.expression))];
};

const renamed: Readonly<Record<string, readonly [string, string]>> = {
  leftJoin: ['another join', 'innerJoin'],
  innerJoin: ['another join', 'leftJoin'],
  selectDistinct: ['drop DISTINCT', 'select'],
  union: ['another set operation', 'unionAll'],
  unionAll: ['another set operation', 'union'],
};
const renameCall: Operator = ({ node }) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const other = renamed[node.expression.name.text];
  return other === undefined ? [] : [replaced(other[0], node.expression.name, other[1])];
};

const skipLocked: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node) || callee(node) !== 'for' || node.arguments.length < 2) return [];
  const strength = node.arguments[0];
  if (strength === undefined) return [];
  const receiver = text(node.expression);
  return [
    replaced('lose SKIP LOCKED or NOWAIT', node, `${receiver}(${text(strength)})`),
    replaced('weaken a lock', strength, `'share'`),
  ];
};

const sortKeys: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node)) return [];
  const name = callee(node);
  const [only] = node.arguments;
  if (name === 'desc' && only !== undefined) return [replaced('the other direction', node, text(only))];
  if (name !== 'orderBy') return [];
  const receiver = text(node.expression);
  const keys = node.arguments.map(text);
  const turned = node.arguments
    .filter((key) => !/^_desc\(|sql`/.test(text(key)))
    .map((key) => replaced('the other direction', key, `require('drizzle-orm').desc(${text(key)})`));
  if (keys.length < 2) return turned;
  return [
    ...turned,
    ...keys.map((_, index) =>
      replaced('drop a sort key', node, `${receiver}(${keys.filter((_one, at) => at !== index).join(', ')})`),
    ),
  ];
};

const otherLimit: Operator = ({ node, callee }) => {
  if (!ts.isCallExpression(node) || callee(node) !== 'limit') return [];
  const [only] = node.arguments;
  return only !== undefined && ts.isNumericLiteral(only)
    ? [replaced('another LIMIT', only, String(Number(only.text) + 1))]
    : [];
};

/** Objects of `.set`, `.values`, `.select` and `.returning`. */
const objectFaults: Operator = ({ node, callee, text }) => {
  if (!ts.isCallExpression(node)) return [];
  const name = callee(node);
  const [object] = node.arguments;
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return [];
  const { properties } = object;
  if (name === 'set' || name === 'values' || name === 'onConflictDoUpdate') {
    if (name === 'onConflictDoUpdate' || properties.length < 2) return [];
    return properties.map((_, index) => {
      const rest = properties.filter((_one, at) => at !== index).map(text);
      return replaced(`forget a column of ${name.toUpperCase()}`, object, `{ ${rest.join(', ')} }`);
    });
  }
  if (!/^(select|selectDistinct|returning)$/.test(name)) return [];
  const values = properties.filter(ts.isPropertyAssignment);
  return values.slice(1).flatMap((property, index) => {
    const other = values[index];
    if (other === undefined) return [];
    const swapped = properties
      .map((one) => {
        if (one === property) return `${text(property.name)}: ${text(other.initializer)}`;
        return one === other ? `${text(other.name)}: ${text(property.initializer)}` : text(one);
      })
      .join(', ');
    return [replaced('wrong alias', object, `{ ${swapped} }`)];
  });
};

export const builderFaults: readonly Operator[] = [
  otherOperator,
  dropTerm,
  andForOr,
  dropCall,
  renameCall,
  skipLocked,
  sortKeys,
  otherLimit,
  objectFaults,
];
