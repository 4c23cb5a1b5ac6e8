/** Calls through `.rpc(name, …)`: found, named, and read as far as syntax goes. */
import { ts } from 'ts-morph';
import type { Sender, SiteRefusal } from './call-site.js';
import { clientSide, withServerFunction } from './client-side.js';
import { declaredNames } from './declared-names.js';
import { findConstant, unwrap } from './find-constant.js';
import type { RpcWrapper } from './find-wrappers.js';
import { armsOf } from './rpc-arms.js';
import { readRpcRequest, type RpcRequest } from './rpc-request.js';
import type { RoutineNames } from './scan-names.js';
import { methodName, senderOf } from './sql-sender.js';

export interface RpcCall {
  readonly sender: Sender;
  readonly routineName: string;
  readonly refusal: SiteRefusal | null;
  /** What is asked for; missing when the site is refused. */
  readonly rpc?: RpcRequest;
}

const supabase = /supabase|postgrest/i;
/** Other protocols that name a method `rpc`. */
const otherProtocol = /trpc|json-?rpc|web3|ethers|provider|bitcoin|solana|electron|\bipc|grpc|nats|comlink/i;

/**
 * Null when the call is none, or is someone else's; several for a name that is one of several. `fileText` tells
 * whether the file deals with Supabase.
 */
export function findRpcCalls(
  node: ts.CallExpression,
  names: RoutineNames,
  fileText: string,
): readonly RpcCall[] | null {
  const method = methodName(unwrap(node.expression));
  const [first] = node.arguments;
  if (method?.name !== 'rpc' || first === undefined) return null;
  const sender = senderOf('rpc', method.receiver);
  const ours = supabase.test(sender.receiverText) || supabase.test(fileText);
  const literals = literalNames(first);
  const [name] = literals;
  if (name !== undefined && literals.length === 1) {
    const exists = isKnown(name, names);
    if (!ours && !exists && otherProtocol.test(sender.receiverText)) return null;
    return [callOf(node, sender, name, names)];
  }
  if (!ours && !literals.some((one) => names.routines.has(one))) return null;
  const arms = armsOf(first);
  if (arms === null || !literals.every((one) => isKnown(one, names)))
    return [{ sender, routineName: first.getText(), refusal: unsettled(first, literals, names) }];
  return arms.map((arm) => {
    const call = callOf(node, sender, arm.names[arm.index] ?? '', names);
    return call.rpc === undefined ? call : { ...call, rpc: { ...call.rpc, arm } };
  });
}

function isKnown(name: string, { routines, known }: RoutineNames): boolean {
  return routines.has(name) || known.has(name);
}

function callOf(node: ts.CallExpression, sender: Sender, name: string, names: RoutineNames): RpcCall {
  if (!isKnown(name, names)) return { sender, routineName: name, refusal: notFound };
  const rpc = readRpcRequest(node);
  const browser = inBrowser(node, name, rpc);
  if (browser !== null) return { sender, routineName: name, refusal: browser };
  if ('reason' in rpc) return { sender, routineName: name, refusal: rpc };
  return { sender, routineName: name, refusal: null, rpc };
}

/** A call of a function that passes a name on to `.rpc()`; null for any other call, and for a name that it computes. */
export function findWrapperCall(
  node: ts.CallExpression,
  names: RoutineNames,
  wrappers: readonly RpcWrapper[],
): RpcCall | null {
  const callee = unwrap(node.expression);
  const method = methodName(callee);
  const called = method?.name ?? (ts.isIdentifier(callee) ? callee.text : '');
  const wrapper = wrappers.find(({ name }) => name === called);
  const given = wrapper === undefined ? undefined : node.arguments[wrapper.nameAt];
  if (wrapper === undefined || given === undefined) return null;
  const literals = literalNames(given);
  const [name, other] = literals;
  if (name === undefined || !literals.some((one) => names.routines.has(one))) return null;
  const sender = senderOf('rpc', callee);
  if (other !== undefined) {
    return { sender, routineName: given.getText(), refusal: unsettled(given, literals, names) };
  }
  const rpc = readRpcRequest(node, wrapper);
  const refusal = inBrowser(node, name, rpc);
  if (refusal !== null) return { sender, routineName: name, refusal };
  if ('reason' in rpc) return { sender, routineName: name, refusal: rpc };
  return { sender, routineName: name, refusal: null, rpc };
}

function inBrowser(
  node: ts.CallExpression,
  name: string,
  request: RpcRequest | SiteRefusal,
): SiteRefusal | null {
  const found = clientSide(node.getSourceFile());
  return found && withServerFunction(found, name, 'reason' in request ? { arguments: [] } : request);
}

/** Each routine that the name can be is told, so that a person knows what the call takes to be rewritten. */
function unsettled(
  name: ts.Expression,
  literals: readonly string[],
  { routines }: RoutineNames,
): SiteRefusal {
  if (literals.length === 0) return { reason: 'computed-name', detail: `\`${name.getText()}\`` };
  const each = [...new Set(literals)].map((one) =>
    routines.has(one) ? one : `${one} (which the database does not have)`,
  );
  const detail = `one of ${each.join(', ')}: write a call for each where the code knows which it is`;
  return { reason: 'several-routines', detail };
}

const notFound: SiteRefusal = {
  reason: 'routine-not-found',
  detail: 'no routine of the database has this name',
};

/** The names that the argument is, or chooses from; empty when it is computed otherwise. */
function literalNames(expression: ts.Expression): readonly string[] {
  const node = unwrap(expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    const sides = [literalNames(node.whenTrue), literalNames(node.whenFalse)];
    return sides.every((side) => side.length > 0) ? sides.flat() : [];
  }
  const constant = findConstant(node);
  if (constant !== null) return literalNames(constant);
  return ts.isIdentifier(node) ? declaredNames(node) : [];
}
