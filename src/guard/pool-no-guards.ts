/** A pg Pool without the settings and listeners that keep a full or dying pool from hanging or ending the process. */
import { ts } from 'ts-morph';
import { wrapped } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { calleeOf } from './facts/callees.js';
import { constructionsIn, optionValue, type Construction } from './facts/constructions.js';
import { calledName, receiverOf } from './facts/fate.js';
import { symbolOf } from './facts/packages.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';

export const poolNoGuards: Rule = {
  id: 'pool-no-guards',
  severity: 'warning',
  title: 'A pool has no limit, no timeout or no error listeners',
  *check({ file, facts }): Iterable<Problem> {
    for (const construction of constructionsIn(facts, file)) {
      if (
        construction.kind !== 'pg-pool' &&
        !(construction.kind === 'drizzle' && buildsPgPool(facts, construction))
      )
        continue;
      const missing = [...missingOptions(facts, construction), ...missingListeners(facts, construction)];
      if (missing.length > 0)
        yield { node: construction.node, message: messageOf(missing), help: helpOf(missing) };
    }
  },
};

const effects: Readonly<Record<string, string>> = {
  max: 'without `max` every instance opens ten connections, however many the server has left',
  connectionTimeoutMillis: 'without `connectionTimeoutMillis` a request waits for ever for a free client',
  "on('error')": 'an idle client that the server ends throws an unhandled error and ends the process',
  "on('connect', (client) => client.on('error', …))":
    'a client in use that the server ends (idle-in-transaction timeout, failover) ends the process',
};

function messageOf(missing: readonly string[]): string {
  return `This pool lacks ${missing.map((one) => `\`${one}\``).join(', ')}: ${missing.map((one) => effects[one] ?? '').join('; ')}.`;
}

function helpOf(missing: readonly string[]): string {
  const options = missing.filter((one) => !one.startsWith('on('));
  const listeners = missing.filter((one) => one.startsWith('on('));
  return [
    ...(options.length > 0
      ? [`Set ${options.join(' and ')}; instances × max must fit the server or the pooler.`]
      : []),
    ...(listeners.length > 0 ? [`Add ${listeners.map((one) => `pool.${one}`).join(' and ')}.`] : []),
  ].join(' ');
}

function buildsPgPool(facts: ProgramFacts, { node }: Construction): boolean {
  return /\$client: (?:\w+\.)?Pool\b/.test(
    facts.checker.typeToString(
      facts.checker.getTypeAtLocation(node),
      undefined,
      ts.TypeFormatFlags.NoTruncation,
    ),
  );
}

function missingOptions(facts: ProgramFacts, { options }: Construction): readonly string[] {
  if (options === 'unseen') return [];
  return ['max', 'connectionTimeoutMillis'].filter(
    (name) => options === null || optionValue(facts, options, name) === null,
  );
}

function missingListeners(facts: ProgramFacts, { node }: Construction): readonly string[] {
  const heard = new Set<string>();
  const value = wrapped(node);
  const { parent } = value;
  if (ts.isCallExpression(parent)) hearInHelper(facts, parent, parent.arguments.indexOf(value), heard);
  if (ts.isPropertyAccessExpression(parent) && ts.isCallExpression(parent.parent)) hear(parent.parent, heard);
  const symbol = holderOf(facts, value);
  if (symbol !== undefined) {
    for (const call of nodesOf(facts, node.getSourceFile()).calls) {
      const receiver = receiverOf(call);
      if (receiver !== null && isHolder(facts, receiver, symbol)) hear(call, heard);
      call.arguments.forEach((argument, index) => {
        if (isHolder(facts, argument, symbol)) hearInHelper(facts, call, index, heard);
      });
    }
  }
  return ["on('error')", "on('connect', (client) => client.on('error', …))"].filter((one) => !heard.has(one));
}

/** The variable or field that gets the pool; for `drizzle(url)` its `$client` counts too. */
function holderOf(facts: ProgramFacts, value: ts.Node): ts.Symbol | undefined {
  const { parent } = value;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return facts.checker.getSymbolAtLocation(parent.name);
  if (ts.isBinaryExpression(parent)) {
    if (parent.right !== value) return undefined;
    const kind = parent.operatorToken.kind;
    const assigns =
      kind === ts.SyntaxKind.EqualsToken ||
      kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      kind === ts.SyntaxKind.BarBarEqualsToken;
    return assigns ? symbolOf(facts, parent.left) : holderOf(facts, parent);
  }
  return undefined;
}

function isHolder(facts: ProgramFacts, node: ts.Expression, symbol: ts.Symbol): boolean {
  if (ts.isPropertyAccessExpression(node) && node.name.text === '$client')
    return isHolder(facts, node.expression, symbol);
  return (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) && symbolOf(facts, node) === symbol;
}

/** `.on('error', …)`, chained or not. */
function hear(call: ts.CallExpression, heard: Set<string>): void {
  if (!/^(?:on|addListener|once)$/.test(calledName(call) ?? '')) return;
  const [event, listener] = call.arguments;
  if (event !== undefined && ts.isStringLiteralLike(event)) {
    if (event.text === 'error') heard.add("on('error')");
    if (event.text === 'connect' && listener !== undefined && handlesErrors(listener))
      heard.add("on('connect', (client) => client.on('error', …))");
  }
  const next = call.parent;
  if (ts.isPropertyAccessExpression(next) && ts.isCallExpression(next.parent)) hear(next.parent, heard);
}

/** A listener by name is taken to do what it should. */
function handlesErrors(listener: ts.Expression): boolean {
  return (
    !(ts.isArrowFunction(listener) || ts.isFunctionExpression(listener)) ||
    /\.(?:on|addListener)\s*\(\s*['"`]error/.test(listener.getText())
  );
}

function hearInHelper(facts: ProgramFacts, call: ts.CallExpression, index: number, heard: Set<string>): void {
  const callee = calleeOf(facts, call);
  const name = callee?.parameters[index]?.name.getText();
  if (callee === null || name === undefined) return;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && receiverOf(node)?.getText() === name) hear(node, heard);
    ts.forEachChild(node, visit);
  };
  visit(callee.body);
}
