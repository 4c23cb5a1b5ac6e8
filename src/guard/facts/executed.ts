/** Which nodes of a function's body run while the function runs: closures that are only stored do not. */
import { ts } from 'ts-morph';
import { wrapped } from '../../source/nodes.js';
import { calleeOf } from './callees.js';
import { calledName } from './fate.js';
import { packageOfDeclaration, symbolOf } from './packages.js';
import { isFunctionNode, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { runnersInTransaction } from './transactions.js';

/** Methods of lists, promises and transactions that call their function before what they give is settled. */
const running =
  /^(?:map|forEach|filter|some|every|find|findIndex|findLast|flatMap|reduce|reduceRight|sort|toSorted|from|then|catch|finally|transaction|begin|savepoint|replace|replaceAll|Map|groupBy)$/;
/** Functions of small libraries that do the same. */
const runningPackages =
  /^(?:p-map|p-all|p-series|p-limit|p-retry|p-queue|async|async-retry|lib|es-toolkit|lodash|remeda)$/;

/** Every node that runs as part of `body`, nested functions that run now included; `found` may say `skip`. */
export function forEachExecuted(
  facts: ProgramFacts,
  body: ts.Node,
  found: (node: ts.Node) => 'skip' | undefined,
): void {
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && !runsNow(facts, node)) return;
    if (ts.isClassLike(node)) return;
    if (found(node) === 'skip') return;
    ts.forEachChild(node, visit);
  };
  if (isFunctionNode(body)) {
    for (const parameter of body.parameters) ts.forEachChild(parameter, visit);
    visit(body.body);
  } else visit(body);
}

/** Whether a function that is written here is called where it is written. */
export function runsNow(facts: ProgramFacts, node: FunctionNode): boolean {
  return remember(facts, 'runs now', node, () => runs(facts, node), false);
}

function runs(facts: ProgramFacts, node: FunctionNode): boolean {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const value = wrapped(node);
  const { parent } = value;
  if (ts.isCallExpression(parent) && parent.expression === value) return true;
  if (ts.isNewExpression(parent))
    return ts.isIdentifier(parent.expression) && parent.expression.text === 'Promise';
  if (!ts.isCallExpression(parent)) return false;
  const index = parent.arguments.indexOf(value);
  if (index < 0) return false;
  const own = calleeOf(facts, parent);
  if (own !== null) return callsParameter(facts, own, index) || runnersInTransaction(facts, own).has(index);
  const name = calledName(parent) ?? '';
  if (!running.test(name)) return isRunner(facts, parent);
  return true;
}

function isRunner(facts: ProgramFacts, call: ts.CallExpression): boolean {
  const declaration = symbolOf(facts, call.expression)?.declarations?.[0];
  const from = declaration === undefined ? null : packageOfDeclaration(declaration);
  return from !== null && from !== 'lib' && runningPackages.test(from);
}

/** Whether the function calls what it gets as its nth parameter, also through another function. */
function callsParameter(facts: ProgramFacts, owner: FunctionNode, index: number): boolean {
  return calledParameters(facts, owner).has(index);
}

function calledParameters(facts: ProgramFacts, owner: FunctionNode): ReadonlySet<number> {
  return remember<ReadonlySet<number>>(
    facts,
    'called parameters',
    owner,
    () => {
      const places = new Map<ts.Symbol, number>();
      owner.parameters.forEach((parameter, index) => {
        const symbol = facts.checker.getSymbolAtLocation(parameter.name);
        if (symbol !== undefined && ts.isIdentifier(parameter.name)) places.set(symbol, index);
      });
      const called = new Set<number>();
      if (places.size === 0) return called;
      const placeOf = (node: ts.Node): number | undefined => {
        const symbol = ts.isIdentifier(node) ? facts.checker.getSymbolAtLocation(node) : undefined;
        return symbol === undefined ? undefined : places.get(symbol);
      };
      forEachExecuted(facts, owner.body, (node) => {
        if (!ts.isCallExpression(node)) return undefined;
        const direct = placeOf(node.expression);
        if (direct !== undefined) called.add(direct);
        node.arguments.forEach((argument, index) => {
          const place = placeOf(argument);
          if (place === undefined) return;
          const callee = calleeOf(facts, node);
          const passed =
            callee === null
              ? running.test(calledName(node) ?? '') || isRunner(facts, node)
              : calledParameters(facts, callee).has(index);
          if (passed) called.add(place);
        });
        return undefined;
      });
      return called;
    },
    new Set(),
  );
}
