/** `new Date(x)` of a value that may be missing, on its way to a date column. */
import { ts } from 'ts-morph';
import type { Problem, Rule } from './finding.js';
import { columnOf, columnTypeOf } from './facts/builder.js';
import { calledName } from './facts/fate.js';
import { nullishOf, withoutAssertions } from './facts/nullish.js';
import { isExportOf } from './facts/packages.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';

export const dateUndefined: Rule = {
  id: 'date-undefined',
  severity: 'error',
  title: 'A date is made of a value that may be missing',
  *check({ file, facts }): Iterable<Problem> {
    for (const node of nodesOf(facts, file).news) {
      const [value] = node.arguments ?? [];
      if (node.expression.getText() !== 'Date' || value === undefined || node.arguments?.length !== 1)
        continue;
      const missing = missingOf(facts, value);
      if (missing === null || !reachesColumn(facts, node, 0)) continue;
      yield { node, message: messages[missing], help };
    }
  },
};

function missingOf(facts: ProgramFacts, value: ts.Expression): keyof typeof messages | null {
  const nullish = nullishOf(facts, value);
  if (nullish !== null) return nullish === 'null' ? 'null' : 'undefined';
  const type = facts.checker.getTypeAtLocation(withoutAssertions(value));
  const all = type.isUnion() ? type.types : [type];
  return all.some((one) => one.isStringLiteral() && one.value === '') ? 'empty' : null;
}

/** Whether the date becomes the value of a date column, or is compared with one. */
function reachesColumn(facts: ProgramFacts, node: ts.Expression, depth: number): boolean {
  const { parent } = node;
  if (depth > 5) return false;
  if (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
  )
    return reachesColumn(facts, parent, depth + 1);
  if (
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isShorthandPropertyAssignment(parent)
  ) {
    const column = columnOf(facts, parent);
    return column !== null && isDate(column.dataType, column.columnType);
  }
  if (ts.isCallExpression(parent) && isComparison(facts, parent)) {
    const [column] = parent.arguments;
    const type = column === undefined || column === node ? null : columnTypeOf(facts, column);
    return type !== null && isDate(type.dataType, type.columnType);
  }
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return variableReaches(facts, parent.name, depth);
  return false;
}

function variableReaches(facts: ProgramFacts, name: ts.Identifier, depth: number): boolean {
  const scope = ts.findAncestor(name, (one) => ts.isBlock(one) || ts.isSourceFile(one));
  const declared = facts.checker.getSymbolAtLocation(name);
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    if (ts.isIdentifier(node) && node !== name && node.text === name.text) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? facts.checker.getShorthandAssignmentValueSymbol(node.parent)
        : facts.checker.getSymbolAtLocation(node);
      if (symbol === declared && reachesColumn(facts, node, depth + 1)) found = true;
    }
    ts.forEachChild(node, visit);
  };
  if (scope !== undefined) visit(scope);
  return found;
}

function isComparison(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const name = calledName(call) ?? '';
  return (
    /^(?:eq|ne|gt|gte|lt|lte|between)$/.test(name) &&
    isExportOf(facts, call.expression, name, /^drizzle-orm$/)
  );
}

function isDate(dataType: string, columnType: string): boolean {
  return dataType === 'date' || / date$/.test(dataType) || /^Pg(?:Timestamp|Date)$/.test(columnType);
}

const messages = {
  undefined:
    'new Date(undefined) is an invalid date: Drizzle throws a RangeError before any SQL is sent, where supabase-js stored NULL.',
  null: 'new Date(null) is 1970-01-01, which is stored without an error.',
  empty: "new Date('') is an invalid date: Drizzle throws a RangeError before any SQL is sent.",
} as const;
const help =
  'Decide before: `x ? new Date(x) : null` for NULL (undefined keeps the default or the old value), and check that the date is valid.';
