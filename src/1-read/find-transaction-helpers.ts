/**
 * Exported functions that run a callback in a transaction: the callback comes first, and the body hands it,
 * or a function that calls it, to `<client>.transaction`, itself or through another function of the module.
 */
import { ts } from 'ts-morph';
import type { SourceModule } from './source-module.js';
import type { TransactionHelper } from './user-project.js';

type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

/** `clientNames` are the exported names of the project's clients, by which an import of one is known. */
export function findTransactionHelpers(
  module: SourceModule,
  clientNames: ReadonlySet<string>,
): readonly TransactionHelper[] {
  if (!knowsDrizzle(module, clientNames)) return [];
  return [...module.exports].flatMap(([exportName, local]) => {
    const declared = module.declarations.get(local);
    return declared && isFunction(declared) && runsCallback(declared, 0, module, new Set())
      ? [{ file: module.path, exportName }]
      : [];
  });
}

/** `.transaction` is a method of other libraries too. */
function knowsDrizzle(module: SourceModule, clientNames: ReadonlySet<string>): boolean {
  return [...module.imports.values()].some(
    ({ specifier, name }) => /^drizzle-orm(\/|$)/.test(specifier) || clientNames.has(name),
  );
}

/** Does parameter `position` of this function become, or get called in, the callback of a transaction? */
function runsCallback(
  declared: FunctionNode,
  position: number,
  module: SourceModule,
  seen: Set<FunctionNode>,
): boolean {
  const parameter = declared.parameters[position]?.name;
  if (!parameter || !ts.isIdentifier(parameter) || !declared.body || seen.has(declared)) return false;
  seen.add(declared);
  const passes = (argument: ts.Expression): boolean =>
    (ts.isIdentifier(argument) && argument.text === parameter.text) ||
    (isFunction(argument) && callsWithFirstParameter(argument, parameter.text));
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found) return;
    if (ts.isCallExpression(node)) {
      const { expression: callee, arguments: given } = node;
      if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'transaction') {
        found = given[0] !== undefined && passes(given[0]);
      } else if (ts.isIdentifier(callee)) {
        const target = module.declarations.get(callee.text);
        const at = given.findIndex(passes);
        found =
          at >= 0 && target !== undefined && isFunction(target) && runsCallback(target, at, module, seen);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(declared.body);
  return found;
}

/** `(tx) => fn(tx)`, also after other statements. */
function callsWithFirstParameter(callback: FunctionNode, name: string): boolean {
  const handle = callback.parameters[0]?.name;
  if (!handle || !ts.isIdentifier(handle) || !callback.body) return false;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name) {
      const [first] = node.arguments;
      found ||= first !== undefined && ts.isIdentifier(first) && first.text === handle.text;
    }
    ts.forEachChild(node, visit);
  };
  visit(callback.body);
  return found;
}

function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}
