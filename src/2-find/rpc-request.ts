/** What a call `client.rpc(name, args, options)` asks for, by syntax alone. */
import { ts } from 'ts-morph';
import { holeOf } from './assemble-sql.js';
import type { Hole, SiteRefusal } from './call-site.js';
import { findConstant, propertyKey, unwrap } from './find-constant.js';
import { methodName } from './sql-sender.js';

export interface RpcRequest {
  /** Of `.schema('x').rpc(…)`; null: the one that the client was made with. */
  readonly schema: string | null;
  /** By name, in the order of the object. */
  readonly arguments: readonly RpcArgument[];
  /** `{ get: true }`: sent as a GET request, which runs read only. */
  readonly get: boolean;
}

export interface RpcArgument {
  readonly name: string;
  readonly hole: Hole;
  /** The declared type as SQL names it, once the routine is known. */
  readonly type?: string;
}

/** The request, or why this form of it is not read. */
export function readRpcRequest(call: ts.CallExpression): RpcRequest | SiteRefusal {
  const [, args, options] = call.arguments;
  const schema = schemaOf(call);
  if (typeof schema === 'object' && schema !== null) return schema;
  const asked = options === undefined ? { get: false } : readOptions(options);
  if ('reason' in asked) return asked;
  const given = args === undefined ? [] : readArguments(args);
  return 'reason' in given ? given : { schema, arguments: given, get: asked.get };
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

function readArguments(expression: ts.Expression): readonly RpcArgument[] | SiteRefusal {
  const node = unwrap(expression);
  if (ts.isIdentifier(node) && node.text === 'undefined') return [];
  if (!ts.isObjectLiteralExpression(node)) return notYet(`arguments given as \`${node.getText()}\``);
  const found: RpcArgument[] = [];
  for (const property of node.properties) {
    if (ts.isShorthandPropertyAssignment(property)) {
      found.push({ name: property.name.text, hole: holeOf(property.name, found.length + 1) });
      continue;
    }
    if (!ts.isPropertyAssignment(property)) return notYet(`\`${property.getText()}\` among the arguments`);
    const name = propertyKey(property.name);
    if (name === null) return notYet(`the computed argument \`${property.name.getText()}\``);
    found.push({ name, hole: holeOf(property.initializer, found.length + 1) });
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
