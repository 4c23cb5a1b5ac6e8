/** What a call `client.rpc(name, args, options)` asks for, by syntax alone. */
import { ts } from 'ts-morph';
import { holeOf } from './assemble-sql.js';
import type { Hole, SiteRefusal } from './call-site.js';
import { findConstant, propertyKey, unwrap } from './find-constant.js';
import type { RpcWrapper } from './find-wrappers.js';
import type { RpcArm } from './rpc-arms.js';
import { methodName } from './sql-sender.js';

export interface RpcRequest {
  /** Of `.schema('x').rpc(…)`; null: the one that the client was made with. */
  readonly schema: string | null;
  /** By name, in the order of the object; those that only its type tells are missing. */
  readonly arguments: readonly RpcArgument[];
  /** What the object is made of, where syntax does not tell its keys. */
  readonly object?: readonly ObjectPart[];
  /** `{ get: true }`: sent as a GET request, which runs read only. */
  readonly get: boolean;
  /** The function that the call goes through. */
  readonly wrapper?: RpcWrapper;
  /** The call is one of several that one name may mean. */
  readonly arm?: RpcArm;
}

/** A property, or (`name` null) an expression whose properties they all are: `...base`, or the whole object. */
export interface ObjectPart {
  readonly name: string | null;
  readonly hole: Hole;
}

export interface RpcArgument {
  readonly name: string;
  readonly hole: Hole;
  /** The declared type as SQL names it, once the routine is known. */
  readonly type?: string;
}

/** The request, or why this form of it is not read. */
export function readRpcRequest(
  call: ts.CallExpression,
  wrapper: RpcWrapper | null = null,
): RpcRequest | SiteRefusal {
  if (wrapper !== null) {
    const given = wrapper.argumentsAt === null ? undefined : call.arguments[wrapper.argumentsAt];
    const request = requestFor(given, undefined, null);
    return 'reason' in request ? request : { ...request, wrapper };
  }
  const [, args, options] = call.arguments;
  const schema = schemaOf(call);
  if (typeof schema === 'object' && schema !== null) return schema;
  return requestFor(args, options, schema);
}

function requestFor(
  args: ts.Expression | undefined,
  options: ts.Expression | undefined,
  schema: string | null,
): RpcRequest | SiteRefusal {
  const asked = options === undefined ? { get: false } : readOptions(options);
  if ('reason' in asked) return asked;
  const given = args === undefined ? [] : readArguments(args);
  if ('reason' in given) return given;
  const named = given.flatMap(({ name, hole }) => (name === null ? [] : [{ name, hole }]));
  const request = { schema, arguments: named, get: asked.get };
  return named.length === given.length ? request : { ...request, arguments: [], object: given };
}

function schemaOf(call: ts.CallExpression): string | null | SiteRefusal {
  const method = methodName(unwrap(call.expression));
  const receiver = method === null ? undefined : unwrap(method.receiver);
  if (receiver === undefined || !ts.isCallExpression(receiver)) return null;
  const made = methodName(unwrap(receiver.expression));
  const [name] = receiver.arguments;
  if (made?.name !== 'schema' || name === undefined) return null;
  const text = unwrap(findConstant(name) ?? name);
  return ts.isStringLiteralLike(text) ? text.text : notYet(`the schema ${name.getText()}`);
}

function readArguments(expression: ts.Expression): readonly ObjectPart[] | SiteRefusal {
  const node = unwrap(expression);
  if (ts.isIdentifier(node) && node.text === 'undefined') return [];
  if (!ts.isObjectLiteralExpression(node)) return [{ name: null, hole: holeOf(node, 1) }];
  const found: ObjectPart[] = [];
  for (const property of node.properties) {
    const index = found.length + 1;
    if (ts.isShorthandPropertyAssignment(property)) {
      found.push({ name: property.name.text, hole: holeOf(property.name, index) });
      continue;
    }
    if (ts.isSpreadAssignment(property)) {
      found.push({ name: null, hole: holeOf(property.expression, index) });
      continue;
    }
    if (!ts.isPropertyAssignment(property)) return notYet(`\`${property.getText()}\` among the arguments`);
    const name = propertyKey(property.name);
    if (name === null) return notYet(`the computed argument \`${property.name.getText()}\``);
    found.push({ name, hole: holeOf(property.initializer, index) });
  }
  return found;
}

/** HEAD and counts are read from headers of the response. */
function readOptions(expression: ts.Expression): { readonly get: boolean } | SiteRefusal {
  const node = unwrap(expression);
  if (!ts.isObjectLiteralExpression(node)) return notYet(`options given as \`${node.getText()}\``);
  let get = false;
  for (const property of node.properties) {
    const key = ts.isPropertyAssignment(property) ? propertyKey(property.name) : null;
    if (!ts.isPropertyAssignment(property) || key === null) return notYet(`\`${property.getText()}\``);
    const off = property.initializer.kind === ts.SyntaxKind.FalseKeyword;
    if (off) continue;
    if (key !== 'get' || property.initializer.kind !== ts.SyntaxKind.TrueKeyword)
      return { reason: 'response-metadata', detail: `\`${property.getText()}\` asks for headers` };
    get = true;
  }
  return { get };
}

function notYet(detail: string): SiteRefusal {
  return { reason: 'rpc-not-yet', detail };
}
