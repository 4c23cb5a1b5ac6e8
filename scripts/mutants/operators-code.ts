/** Faults in the code round the statements. */
import { ts } from 'ts-morph';
import type { Operator } from './operators.js';
import { replaced } from './replaced.js';

const binary: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '>': [['another comparison', '>=']],
  '>=': [['another comparison', '>']],
  '<': [['another comparison', '<=']],
  '<=': [['another comparison', '<']],
  '===': [['another comparison', '!==']],
  '!==': [['another comparison', '===']],
  '??': [['|| for ??', '||']],
  '||': [['?? for ||', '??']],
  '&&': [['or for and', '||']],
  '+': [['other arithmetic', '-']],
  '-': [['other arithmetic', '+']],
  '*': [['other arithmetic', '+']],
  '/': [['other arithmetic', '*']],
  '%': [['other arithmetic', '*']],
};
const otherBinary: Operator = ({ node }) => {
  if (!ts.isBinaryExpression(node)) return [];
  const own = node.operatorToken.getText();
  // The stand-alone text itself reads the one row of a routine this way; no site does.
  if (node.left.getText() === 'result[0]') return [];
  // `a || b` beside `??` needs parentheses, or it does not parse.
  return (binary[own] ?? []).map(([operator, is]) => {
    const [left, right] = [node.left.getText(), node.right.getText()];
    return replaced(operator, node, `((${left}) ${is} (${right}))`);
  });
};

/** `=== false` is "is false"; `!== true` is "is not true". */
const threeValued: Operator = ({ node }) => {
  if (!ts.isBinaryExpression(node) || !/^(true|false)$/.test(node.right.getText())) return [];
  const other = { '===': '!==', '!==': '===' }[node.operatorToken.getText()];
  if (other === undefined) return [];
  const opposite = node.right.getText() === 'true' ? 'false' : 'true';
  return [replaced('is true for is not false', node, `(${node.left.getText()} ${other} ${opposite})`)];
};

const conditions: Operator = ({ node }) => {
  if (ts.isIfStatement(node)) {
    const { expression } = node;
    const found = [replaced('turn a condition round', expression, `!(${expression.getText()})`)];
    return node.elseStatement === undefined
      ? found
      : [...found, replaced('drop an ELSE', node.elseStatement, '{}')];
  }
  if (!ts.isConditionalExpression(node)) return [];
  return [replaced('turn a condition round', node.condition, `!(${node.condition.getText()})`)];
};

const lostThrow: Operator = ({ node }) =>
  ts.isThrowStatement(node) ? [replaced('lose an error', node, ';')] : [];

const caught: Operator = ({ node }) => {
  if (!ts.isTryStatement(node)) return [];
  const inner = node.tryBlock.statements.map((one) => one.getText()).join('\n');
  return [replaced('throw where the error was caught', node, `{ ${inner} }`)];
};

/** A statement that awaits and binds nothing. */
const skipped: Operator = ({ node }) =>
  ts.isExpressionStatement(node) && ts.isAwaitExpression(node.expression)
    ? [replaced('skip a statement', node, ';')]
    : [];

const reversed: Operator = ({ node }) => {
  if (!ts.isBlock(node)) return [];
  return node.statements.slice(1).flatMap((statement, index) => {
    const before = node.statements[index];
    if (before === undefined || !awaits(before) || !awaits(statement)) return [];
    return [
      {
        operator: 'reverse the order of two statements',
        start: before.getStart(),
        end: statement.getEnd(),
        is: `${statement.getText()}\n${before.getText()}`,
      },
    ];
  });
};

function awaits(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && ts.isAwaitExpression(node.expression);
}

const lostTransaction: Operator = ({ node, callee }) => {
  if (!ts.isCallExpression(node) || callee(node) !== 'transaction') return [];
  const [callback] = node.arguments;
  if (callback === undefined || !ts.isPropertyAccessExpression(node.expression)) return [];
  const executor = node.expression.expression.getText();
  return [replaced('lose the transaction', node, `(${callback.getText()})(${executor})`)];
};

/** `helper(x)` becomes `x`: guards of limits and integers, and representations. */
const lostGuard: Operator = ({ node, source }) => {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return [];
  const [only] = node.arguments;
  const helper = node.expression.text;
  const declared = source.statements.some(
    (one) => ts.isFunctionDeclaration(one) && one.name?.text === helper && helper !== 'routine',
  );
  return declared && only !== undefined ? [replaced('drop a guard', node, only.getText())] : [];
};

const lostAwait: Operator = ({ node }) => {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  if (name.text === 'mapWith') return [replaced('text for number', node, expression.getText())];
  if (name.text !== 'map' || !/^(result|rows|result\.rows)$/.test(expression.getText())) return [];
  return [replaced('row for rows', expression, `${expression.getText()}.slice(0, 1)`)];
};

const literals: Operator = ({ node, source }) => {
  if (ts.isStringLiteral(node)) {
    const { parent } = node;
    if (ts.isLiteralTypeNode(parent)) return [];
    if (ts.isPropertyAssignment(parent) && parent.name === node) return [];
    if (ts.isElementAccessExpression(parent) || ts.isImportDeclaration(parent)) return [];
    if (ts.isTypeNode(parent)) return [];
    if (/^[0-9A-Z]{5}$/.test(node.text)) return [replaced('wrong error code', node, `'XX000'`)];
    if (ts.isCallExpression(parent) && /^(for|mode|\$with|as|alias|_alias)$/.test(lastName(parent, source)))
      return [];
    if (/^(update|share|value|int4|int2)$/.test(node.text)) return [];
    return [replaced('another text', node, `${node.getText().slice(0, -1)}x'`)];
  }
  if (!ts.isNumericLiteral(node)) return [];
  return [replaced('another number', node, String(Number(node.text) + 1))];
};

function lastName(call: ts.CallExpression, source: ts.SourceFile): string {
  const { expression } = call;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText(source);
}

const booleans: Operator = ({ node }) => {
  const own = node.kind;
  if (own !== ts.SyntaxKind.TrueKeyword && own !== ts.SyntaxKind.FalseKeyword) return [];
  if (ts.isBinaryExpression(node.parent)) return [];
  if (ts.isPropertyAssignment(node.parent) && /skipLocked|noWait/.test(node.parent.name.getText())) return [];
  return [replaced('the other boolean', node, own === ts.SyntaxKind.TrueKeyword ? 'false' : 'true')];
};

/** One argument for another, and the column instead of the variable. */
const swapped: Operator = ({ node, source, callee }) => {
  if (ts.isCallExpression(node) && /^(eq|gt|gte|lt|lte|ne)$/.test(callee(node))) {
    const [left, right] = node.arguments;
    if (left === undefined || right === undefined || /^_\w+\.\w+$/.test(right.getText())) return [];
    return [replaced('the column instead of the variable', right, left.getText())];
  }
  if (!ts.isPropertyAccessExpression(node) || !/^args\.a\d+$/.test(node.getText())) return [];
  const others = new Set([...source.text.matchAll(/\bargs\.a\d+\b/g)].map(([name]) => name));
  others.delete(node.getText());
  const [other] = others;
  return other === undefined ? [] : [replaced('swap arguments', node, other)];
};

export const codeFaults: readonly Operator[] = [
  otherBinary,
  threeValued,
  conditions,
  lostThrow,
  caught,
  skipped,
  reversed,
  lostTransaction,
  lostGuard,
  lostAwait,
  literals,
  booleans,
  swapped,
];
