/**
 * Functions that do nothing but pass a name and arguments on to `.rpc()`, by syntax: their callers are the call
 * sites. Anything else in such a function (a log, a retry, another error) keeps its callers as they are.
 */
import { ts } from 'ts-morph';
import { unwrap } from './find-constant.js';
import { methodName } from './sql-sender.js';

export interface RpcWrapper {
  readonly name: string;
  /** Absolute path of the file that declares it. */
  readonly file: string;
  /** Start of the declaration, which tells it from others of its name. */
  readonly start: number;
  /** Positions of its parameters. */
  readonly nameAt: number;
  readonly argumentsAt: number | null;
  /** answer: gives what the request does · thrown: gives the data, and throws the error as it is. */
  readonly gives: 'answer' | 'thrown';
}

export function findWrappers(file: ts.SourceFile): readonly RpcWrapper[] {
  const found: RpcWrapper[] = [];
  const visit = (node: ts.Node): void => {
    const wrapper = isFunction(node) ? wrapperOf(node, file) : null;
    if (wrapper !== null) found.push(wrapper);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The request inside a wrapper. */
export function wrappedRequest(node: ts.Node): ts.CallExpression | null {
  return isFunction(node) ? (bodyOf(node)?.request ?? null) : null;
}

type Wrapping = ts.FunctionDeclaration | ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression;

function isFunction(node: ts.Node): node is Wrapping {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node)
  );
}

function wrapperOf(node: Wrapping, file: ts.SourceFile): RpcWrapper | null {
  const name = nameOf(node);
  const body = bodyOf(node);
  if (name === null || body === null) return null;
  const [first, second, third] = body.request.arguments;
  const nameAt = parameterAt(node, first);
  const argumentsAt = second === undefined ? null : parameterAt(node, second);
  if (nameAt === null || third !== undefined) return null;
  if (second !== undefined && argumentsAt === null) return null;
  return { name, file: file.fileName, start: node.getStart(), nameAt, argumentsAt, gives: body.gives };
}

function nameOf(node: Wrapping): string | null {
  if (node.name !== undefined) return ts.isIdentifier(node.name) ? node.name.text : null;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : null;
}

/** The parameter that an argument is, `?? {}` and casts left out. */
function parameterAt({ parameters }: Wrapping, argument: ts.Expression | undefined): number | null {
  const given = argument === undefined ? undefined : unwrap(argument);
  const orEmpty =
    given !== undefined &&
    ts.isBinaryExpression(given) &&
    given.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken &&
    given.right.getText() === '{}';
  const node = orEmpty ? unwrap(given.left) : given;
  if (node === undefined || !ts.isIdentifier(node)) return null;
  const index = parameters.findIndex(
    (one) => ts.isIdentifier(one.name) && one.name.text === node.text && one.dotDotDotToken === undefined,
  );
  return index < 0 ? null : index;
}

interface Body {
  readonly request: ts.CallExpression;
  readonly gives: RpcWrapper['gives'];
}

function bodyOf({ body }: Wrapping): Body | null {
  if (body === undefined) return null;
  if (!ts.isBlock(body)) return answering(body);
  const [first, second, third, other] = body.statements;
  if (first === undefined || other !== undefined) return null;
  if (second === undefined)
    return ts.isReturnStatement(first) && first.expression ? answering(first.expression) : null;
  if (third === undefined || !ts.isVariableStatement(first)) return null;
  const [declaration, more] = first.declarationList.declarations;
  if (declaration?.initializer === undefined || more !== undefined) return null;
  const fields = fieldsOf(declaration.name);
  const awaited = unwrap(declaration.initializer);
  const request = ts.isAwaitExpression(awaited) ? requestOf(awaited.expression) : null;
  if (fields === null || request === null) return null;
  const rethrows =
    ts.isIfStatement(second) &&
    second.elseStatement === undefined &&
    second.expression.getText() === fields.error &&
    thrownBy(second.thenStatement) === fields.error;
  const returned =
    ts.isReturnStatement(third) && third.expression ? unwrap(third.expression).getText() : null;
  return rethrows && returned === fields.data ? { request, gives: 'thrown' } : null;
}

function answering(expression: ts.Expression): Body | null {
  const node = unwrap(expression);
  const request = requestOf(ts.isAwaitExpression(node) ? node.expression : node);
  return request === null ? null : { request, gives: 'answer' };
}

function requestOf(expression: ts.Expression): ts.CallExpression | null {
  const node = unwrap(expression);
  return ts.isCallExpression(node) && methodName(unwrap(node.expression))?.name === 'rpc' ? node : null;
}

/** Names of `{ data, error }`, renamed or not. */
function fieldsOf(pattern: ts.BindingName): { readonly data: string; readonly error: string } | null {
  if (!ts.isObjectBindingPattern(pattern) || pattern.elements.length !== 2) return null;
  const names = new Map(
    pattern.elements.map((one) => [(one.propertyName ?? one.name).getText(), one.name.getText()]),
  );
  const [data, error] = [names.get('data'), names.get('error')];
  return data === undefined || error === undefined ? null : { data, error };
}

function thrownBy(statement: ts.Statement): string | null {
  const [only, other] = ts.isBlock(statement) ? statement.statements : [statement];
  return only !== undefined && other === undefined && ts.isThrowStatement(only)
    ? only.expression.getText()
    : null;
}
