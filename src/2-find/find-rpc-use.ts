/** The use of a call through `.rpc()`: whose client it is, what it gives, and what becomes of its answer. */
import { ts } from 'ts-morph';
import type { UserProject } from '../1-read/user-project.js';
import { expressionAt, wrapped } from '../source/nodes.js';
import type { Program } from '../source/open-program.js';
import { findArgumentUse } from './argument-use.js';
import type { SiteRefusal } from './call-site.js';
import { claimedTypes } from './claimed-types.js';
import { onBrowserClient, withServerFunction } from './client-side.js';
import { onProjectClient } from './client-use.js';
import { testedClasses } from './fold-rethrow.js';
import { findHoistPoint } from './find-hoist-point.js';
import { unwrap } from './find-constant.js';
import { wrappedRequest, type RpcWrapper } from './find-wrappers.js';
import { followAnswer, type FollowedAnswer } from './follow-answer.js';
import { isSupabase } from './is-supabase.js';
import { argumentsByType, type NamedArguments } from './object-arguments.js';
import { fitArguments } from './request-arguments.js';
import { fitQuery } from './request-values.js';
import { readRequestChain, type RequestChain } from './read-request-chain.js';
import type { RequestUse } from './request-use.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ArgumentUse, ResultUse } from './result-use.js';

export function findRpcUse(
  program: Program,
  resolved: ResolvedSite,
  project: UserProject,
): ResultUse | SiteRefusal {
  const { site } = resolved;
  const { checker } = program;
  const file = program.getSourceFile(site.file);
  const call = expressionAt(file, site.span.start, site.span.end);
  if (!call || !ts.isCallExpression(call)) {
    return { reason: 'call-parse-error', detail: 'No expression stands where the call was found.' };
  }
  const wrapper = site.rpc?.wrapper;
  const inner = wrapper === undefined ? call : requestBehind(checker, call, wrapper);
  if (inner === null) {
    const detail = `${call.expression.getText()} is not the function of its name that passes on to .rpc()`;
    return { reason: 'rpc-not-yet', detail };
  }
  const receiver = (unwrap(inner.expression) as ts.PropertyAccessExpression).expression;
  if (!isSupabase(checker, receiver)) {
    const detail = `${receiver.getText()} is no client of supabase-js.`;
    return { reason: 'no-client', detail };
  }
  const browser = onBrowserClient(checker, receiver);
  if (browser !== null) return withServerFunction(browser, site.routineName, site.rpc ?? { arguments: [] });
  if (site.rpc?.get === true && resolved.routine.volatility === 'volatile') {
    const detail = '`get: true` runs a VOLATILE routine in a read-only transaction';
    return { reason: 'rpc-not-yet', detail };
  }
  const chain = wrapper?.gives === 'thrown' ? dataOnly(call) : readRequestChain(call, givesSet(resolved));
  if ('reason' in chain) return chain;
  if (wrapper?.gives === 'thrown' && testedClasses(call).length > 0) {
    const detail = `a \`catch\` that asks for the class of what ${call.expression.getText()} throws, which is no Error`;
    return { reason: 'rpc-not-yet', detail };
  }
  const tested = chain.failure === 'thrown' && wrapper === undefined ? testedClasses(call) : [];
  const other = tested.find((name) => name !== 'Error');
  if (other !== undefined) {
    const detail = `a \`catch\` that asks whether what .throwOnError() throws is a ${other}: read its code instead`;
    return { reason: 'rpc-not-yet', detail };
  }
  const answer =
    wrapper?.gives === 'thrown'
      ? ofData(call)
      : followAnswer(checker, chain.request, chain.failure, site.rpc?.arm !== undefined);
  if ('reason' in answer) return answer;
  const client = onProjectClient(checker, 'supabase', call, project);
  if (client.refusal !== null) return { reason: 'no-client', detail: client.refusal };
  const given = argumentsOf(program, file, resolved);
  if ('reason' in given) return given;
  const inAddress = site.rpc?.get === true ? given.uses.find((use) => !isSameAsText(use)) : undefined;
  if (inAddress !== undefined) {
    const detail = `\`get: true\` sends an argument of the type ${inAddress.type} as text, NULL as 'null'`;
    return { reason: 'rpc-not-yet', detail };
  }
  const asked = chain.query && fitQuery(program, file, given, chain.query);
  if (asked !== undefined && 'reason' in asked) return asked;
  const query = asked === undefined ? {} : { query: asked.query };
  const span = { start: chain.request.getStart(), end: chain.request.end };
  const data = dataOf(resolved);
  const bare =
    wrapper?.gives === 'thrown' ||
    answer.edits !== undefined ||
    (chain.failure === 'thrown' && answer.unread);
  const failure = bare ? 'data' : chain.failure;
  const claimed = answer.unread ? null : claimedTypes(checker, chain.request, wrapper?.gives === 'thrown');
  const types = claimed === null ? {} : { claimed };
  const { rows } = chain;
  const request: RequestUse = { data, unread: answer.unread, rows, failure, ...query, ...types, span };
  return {
    client,
    request,
    resolved: asked?.resolved ?? given.resolved,
    target: span,
    awaited: false,
    shape: data === 'nothing' || answer.unread ? 'nothing' : 'rows',
    field: null,
    edits: answer.edits ?? [],
    reads: [],
    fieldsRead: 'all',
    declares: answer.declares,
    arguments: [...given.uses, ...(asked?.uses ?? [])],
    hoistPoint: findHoistPoint(chain.request),
  };
}

/** The call of `.rpc()` in the function that the call means, if it is the one that was found. */
function requestBehind(
  checker: ts.TypeChecker,
  call: ts.CallExpression,
  wrapper: RpcWrapper,
): ts.CallExpression | null {
  const declaration = checker.getResolvedSignature(call)?.declaration;
  const same =
    declaration !== undefined &&
    declaration.getSourceFile().fileName === wrapper.file &&
    declaration.getStart() === wrapper.start;
  return same ? wrappedRequest(declaration) : null;
}

/** A function that throws the error gives a promise of the data alone. */
function dataOnly(request: ts.Expression): RequestChain {
  return { request, rows: null, failure: 'thrown' };
}

function ofData(call: ts.Expression): FollowedAnswer {
  const { parent } = wrapped(call);
  const unread = ts.isAwaitExpression(parent) && ts.isExpressionStatement(wrapped(parent).parent);
  return { unread, declares: null };
}

/** Each under its name, in the form in which it arrives as it did in the request. */
function argumentsOf(
  program: Program,
  file: ts.SourceFile,
  resolved: ResolvedSite,
): NamedArguments | SiteRefusal {
  const { rpc, statement } = resolved.site;
  const holes = statement?.holes ?? [];
  const named =
    rpc?.object === undefined
      ? { resolved, uses: holes.map((hole) => findArgumentUse(program, file, hole)) }
      : argumentsByType(program, file, resolved, rpc.object);
  return 'reason' in named ? named : fitArguments(named.resolved, named.uses, program);
}

/** What a GET request carries in its address arrives as the text of the value. */
function isSameAsText({ members, mayBeNull }: ArgumentUse): boolean {
  const plain: readonly string[] = ['string', 'number', 'boolean'];
  return !mayBeNull && members.length > 0 && members.every((one) => plain.includes(one));
}

function givesSet({ routine }: ResolvedSite): boolean {
  return routine.returnsSet;
}

/** PostgREST treats OUT arguments as a row, also a single one. */
function dataOf({ routine, output }: ResolvedSite): RequestUse['data'] {
  if (output.shape === 'void') return 'nothing';
  const named = routine.arguments.some(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  const row = output.shape === 'row' || named;
  if (routine.returnsSet) return row ? 'rows' : 'values';
  return row ? 'row' : 'value';
}
