/** Which function of the user's own code a call runs, and how its parameters and arguments belong together. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { packageOfDeclaration, symbolOf } from './packages.js';
import { isFunctionNode, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';

/** The body that the call runs, or null: a library's, an interface's, or one that the types do not tell. */
export function calleeOf(
  facts: ProgramFacts,
  call: ts.CallExpression | ts.NewExpression,
): FunctionNode | null {
  return remember(facts, 'callee', call, () => {
    const callee = unwrap(call.expression);
    if (isFunctionNode(callee)) return callee;
    const symbol = ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee) ? callee : null;
    const found = symbol === null ? null : functionOfSymbol(facts, symbolOf(facts, symbol));
    if (found !== null || !ts.isNewExpression(call)) return found;
    const signature = facts.checker.getResolvedSignature(call)?.declaration;
    return signature !== undefined && isFunctionNode(signature) && isOwn(signature) ? signature : null;
  });
}

/** The function that an expression stands for: written there, or a name of one. */
export function functionOf(facts: ProgramFacts, node: ts.Expression): FunctionNode | null {
  const inner = unwrap(node);
  if (isFunctionNode(inner)) return inner;
  if (ts.isCallExpression(inner) && ts.isPropertyAccessExpression(inner.expression)) {
    return inner.expression.name.text === 'bind' ? functionOf(facts, inner.expression.expression) : null;
  }
  return ts.isIdentifier(inner) || ts.isPropertyAccessExpression(inner)
    ? functionOfSymbol(facts, symbolOf(facts, inner))
    : null;
}

function functionOfSymbol(facts: ProgramFacts, symbol: ts.Symbol | undefined): FunctionNode | null {
  for (const declaration of symbol?.declarations ?? []) {
    if (!isOwn(declaration)) continue;
    if (isFunctionNode(declaration)) return declaration;
    const written =
      ts.isVariableDeclaration(declaration) ||
      ts.isPropertyAssignment(declaration) ||
      ts.isPropertyDeclaration(declaration)
        ? declaration.initializer
        : undefined;
    if (written === undefined) continue;
    const found = functionOfValue(facts, written);
    if (found !== null) return found;
  }
  return null;
}

/** Also `const f = memo(async () => …)`: a function that is handed through another one unchanged. */
function functionOfValue(facts: ProgramFacts, written: ts.Expression): FunctionNode | null {
  const inner = unwrap(written);
  if (isFunctionNode(inner)) return inner;
  if (ts.isIdentifier(inner)) return functionOfSymbol(facts, symbolOf(facts, inner));
  return null;
}

function isOwn(declaration: ts.Node): boolean {
  return packageOfDeclaration(declaration) === null && !declaration.getSourceFile().isDeclarationFile;
}

/** The place of the parameter that a name means in this function, with the key it is taken from, or null. */
export interface ParameterPlace {
  readonly index: number;
  /** Of `{ key: name }` in the parameter list. */
  readonly key: string | null;
  /** What stands for it when the caller leaves it out. */
  readonly fallback: ts.Expression | null;
}

export function parameterPlace(owner: FunctionNode, declaration: ts.Declaration): ParameterPlace | null {
  const parameter = ts.isParameter(declaration)
    ? declaration
    : ts.findAncestor(declaration, (node): node is ts.ParameterDeclaration => ts.isParameter(node));
  if (parameter === undefined || parameter.parent !== owner) return null;
  const index = owner.parameters.filter((one) => one.name.getText() !== 'this').indexOf(parameter);
  if (ts.isParameter(declaration)) return { index, key: null, fallback: declaration.initializer ?? null };
  if (!ts.isBindingElement(declaration)) return null;
  const key = (declaration.propertyName ?? declaration.name).getText();
  return { index, key, fallback: declaration.initializer ?? null };
}

/** The argument that a call gives for a place, or null when it leaves it out; `unseen` behind a spread or a name. */
export function argumentFor(
  call: ts.CallExpression | ts.NewExpression,
  place: ParameterPlace,
): ts.Expression | 'unseen' | null {
  const given = call.arguments ?? [];
  if (given.slice(0, place.index + 1).some((one) => ts.isSpreadElement(one))) return 'unseen';
  const argument = given[place.index];
  if (argument === undefined || isUndefined(argument)) return null;
  if (place.key === null) return argument;
  const object = unwrap(argument);
  if (!ts.isObjectLiteralExpression(object)) return 'unseen';
  for (const property of object.properties) {
    if (ts.isSpreadAssignment(property)) return 'unseen';
    if (property.name?.getText() !== place.key) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    return ts.isShorthandPropertyAssignment(property) ? property.name : 'unseen';
  }
  return null;
}

export function isUndefined(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return (
    (ts.isIdentifier(inner) && inner.text === 'undefined') || inner.kind === ts.SyntaxKind.VoidExpression
  );
}
