/** A dead-letter queue that nobody is told about. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { symbolOf } from './facts/packages.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';

export const dlqNoAlarm: Rule = {
  id: 'dlq-no-alarm',
  severity: 'warning',
  title: 'A dead-letter queue has no alarm',
  *check({ file, facts }): Iterable<Problem> {
    if (!/deadLetter|redrive/i.test(file.text)) return;
    const queues = new Map<ts.Symbol, ts.Node>();
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
        const queue = deadLetterQueue(facts, node);
        if (queue !== null) queues.set(queue.symbol, queue.definition);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    for (const [symbol, definition] of queues) {
      if (definition.getSourceFile() === file && !hasAlarm(facts, file, symbol))
        yield { node: definition, message, help };
    }
  },
};

interface Queue {
  readonly symbol: ts.Symbol;
  readonly definition: ts.Node;
}

/** The queue that `deadLetterQueue: { queue }`, `deadLetterTargetArn: queue.arn` and the like name. */
function deadLetterQueue(
  facts: ProgramFacts,
  node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
): Queue | null {
  const name = node.name.getText().replaceAll(/['"]/g, '');
  if (!/^(?:deadLetterQueue|deadLetterTargetArn|deadLetterConfig|dlq|onFailure|redrivePolicy)$/.test(name))
    return null;
  if (ts.isShorthandPropertyAssignment(node)) {
    const symbol = facts.checker.getShorthandAssignmentValueSymbol(node);
    return symbol === undefined ? null : queueOf(symbol);
  }
  const found: Queue[] = [];
  const visit = (one: ts.Node): void => {
    if (
      ts.isIdentifier(one) ||
      (ts.isPropertyAccessExpression(one) && one.expression.kind === ts.SyntaxKind.ThisKeyword)
    ) {
      const symbol =
        ts.isIdentifier(one) && ts.isShorthandPropertyAssignment(one.parent)
          ? facts.checker.getShorthandAssignmentValueSymbol(one.parent)
          : symbolOf(facts, one);
      const queue = symbol === undefined ? null : queueOf(symbol);
      if (queue !== null) found.push(queue);
    }
    ts.forEachChild(one, visit);
  };
  visit(node.initializer);
  return found[0] ?? null;
}

/** The `new …Queue(…)` behind a variable or a field. */
function queueOf(symbol: ts.Symbol): Queue | null {
  for (const declaration of symbol.declarations ?? []) {
    if (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) {
      const value =
        declaration.initializer === undefined ? assigned(declaration) : unwrap(declaration.initializer);
      if (value !== null && ts.isNewExpression(value) && /Queue$|\.Topic$/.test(value.expression.getText()))
        return { symbol, definition: value };
    }
  }
  return null;
}

/** `this.dlq = new Queue(…)` in the constructor. */
function assigned(declaration: ts.Declaration): ts.Expression | null {
  const name = ts.getNameOfDeclaration(declaration)?.getText();
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.left.getText() === `this.${name}`
    )
      found = unwrap(node.right);
    ts.forEachChild(node, visit);
  };
  visit(declaration.parent);
  return found;
}

const metric = /ApproximateNumberOfMessagesVisible/;

function hasAlarm(facts: ProgramFacts, file: ts.SourceFile, symbol: ts.Symbol): boolean {
  const means = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && symbolOf(facts, node) === symbol;
  const { calls } = nodesOf(facts, file);
  if (!/Alarm/.test(file.text)) return calls.some((call) => helperAlarms(facts, call, means));
  return (
    nodesOf(facts, file).calls.some((call) => helperAlarms(facts, call, means)) || mentionsMetric(file, means)
  );
}

/** A statement or an argument that names both the queue and the metric. */
function mentionsMetric(file: ts.SourceFile, means: (node: ts.Node) => boolean): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    const whole = ts.isObjectLiteralExpression(node) || ts.isCallExpression(node);
    if (whole && metric.test(node.getText()) && isAlarming(node) && holds(node, means)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** A queue's own definition names neither an alarm nor a metric; a metric alone alarms nobody. */
function isAlarming(node: ts.Node): boolean {
  return !/deadLetter|redrive/i.test(node.getText());
}

function holds(node: ts.Node, means: (node: ts.Node) => boolean): boolean {
  return means(node) || ts.forEachChild(node, (one) => (holds(one, means) ? true : undefined)) === true;
}

function helperAlarms(
  facts: ProgramFacts,
  call: ts.CallExpression,
  means: (node: ts.Node) => boolean,
): boolean {
  if (!call.arguments.some((one) => means(one))) return false;
  const callee = calleeOf(facts, call);
  return callee !== null && metric.test(callee.getText()) && /Alarm/.test(callee.getText());
}

const message =
  'Nothing in this file raises an alarm when messages arrive here: in the incident a million dead letters were found after six days.';
const help =
  'Add an alarm on ApproximateNumberOfMessagesVisible > 0 of this queue: `dlq.metricApproximateNumberOfMessagesVisible().createAlarm(…)`.';
