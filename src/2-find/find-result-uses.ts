/**
 * How the resolved sites use what their calls give: client and result by types, the extent of the
 * replacement by the syntax round the call. This is the first stage that loads the user's program.
 */
import { ts } from 'ts-morph';
import type { UserProject } from '../1-read/user-project.js';
import { expressionAt, memberOf, wrapped } from '../source/nodes.js';
import type { Program } from '../source/open-program.js';
import { findArgumentUse } from './argument-use.js';
import type { CallSite, SiteRefusal } from './call-site.js';
import { findClientUse } from './client-use.js';
import { declaredRow } from './declared-row.js';
import { findHoistPoint } from './find-hoist-point.js';
import { findRpcUse } from './find-rpc-use.js';
import { followResult } from './follow-result.js';
import { declaredName, followed, isRefusal, type FollowedResult } from './followed-result.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ClientUse, ResultUse } from './result-use.js';

/** By the site's id. Every site gets an answer; a file that cannot be read throws MigrateError. */
export function findResultUses(
  program: Program,
  sites: readonly ResolvedSite[],
  project: UserProject,
): ReadonlyMap<string, ResultUse | SiteRefusal> {
  // Each new file makes the checker start again, so all of them come first.
  for (const { site } of sites) program.getSourceFile(site.file);
  return new Map(sites.map((resolved) => [resolved.site.id, findResultUse(program, resolved, project)]));
}

function findResultUse(
  program: Program,
  resolved: ResolvedSite,
  project: UserProject,
): ResultUse | SiteRefusal {
  const { site, call: routineCall } = resolved;
  const file = program.getSourceFile(site.file);
  if (site.rpc !== undefined) return findRpcUse(program, resolved, project);
  if (site.embedded !== undefined) return useInStatement(program, file, site, project);
  const call = expressionAt(file, site.span.start, site.span.end);
  if (!call) return { reason: 'call-parse-error', detail: 'No expression stands where the call was found.' };
  const { checker } = program;
  const { use: client, siteDriver } = findClientUse(checker, call, site, project);
  if (client.refusal !== null) return { reason: 'no-client', detail: client.refusal };
  const result = awaitedResult(call, client, {
    checker,
    wrapsRows: siteDriver !== 'postgres-js',
    selects: routineCall.form !== 'call',
  });
  if (isRefusal(result)) return result;
  const { target, fields, ...rest } = result;
  return {
    ...rest,
    declaredRow: declaredRow(call),
    declares: rest.declares ?? declaredAround(call),
    client,
    target: { start: target.getStart(), end: target.end },
    awaited: target !== call,
    fieldsRead: fields === 'all' ? 'all' : [...fields],
    arguments: (site.statement?.holes ?? []).map((hole) => findArgumentUse(program, file, hole)),
    hoistPoint: findHoistPoint(call),
  };
}

/** The statement round the call stays, and with it who sends it and what becomes of its rows. */
function useInStatement(
  program: Program,
  file: ts.SourceFile,
  { span, sender, statement, embedded }: CallSite,
  project: UserProject,
): ResultUse {
  return {
    client: {
      kind: 'other',
      driver: project.clients[0]?.driver ?? null,
      executor: embedded?.fragment?.executor ?? sender.receiverText,
      executorImport: null,
      inTransaction: false,
      refusal: null,
    },
    target: span,
    awaited: false,
    shape: 'result',
    field: null,
    edits: [],
    reads: [],
    fieldsRead: 'all',
    declares: null,
    arguments: (statement?.holes ?? []).map((hole) => findArgumentUse(program, file, hole)),
    hoistPoint: null,
  };
}

function awaitedResult(
  call: ts.Expression,
  client: ClientUse,
  context: Parameters<typeof followResult>[1],
): FollowedResult | SiteRefusal {
  const last = ts.isCallExpression(call) ? call.arguments.at(-1) : undefined;
  if (client.kind === 'pg-pool' && last && (ts.isArrowFunction(last) || ts.isFunctionExpression(last))) {
    return { reason: 'builder-escapes', detail: 'The result goes to a callback.' };
  }
  const { parent } = wrapped(call);
  if (client.kind !== 'pg-pool' && ts.isArrowFunction(parent) && isForEachCallback(parent)) {
    return { reason: 'never-sent', detail: 'forEach drops what its callback returns.' };
  }
  if (ts.isAwaitExpression(parent)) return followResult(parent, context);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) {
    // pg sends at once; Drizzle and postgres.js wait for a then.
    return client.kind === 'pg-pool'
      ? { reason: 'builder-escapes', detail: 'The query is sent without being awaited.' }
      : { reason: 'never-sent', detail: `${parent.getText()} has no await.` };
  }
  const member = memberOf(parent, wrapped(call));
  if (member !== null && !['then', 'catch', 'finally'].includes(member)) {
    return { reason: 'builder-escapes', detail: `.${member} is called on the request.` };
  }
  return followed(call, 'result', { fields: 'all' });
}

function isForEachCallback(callback: ts.ArrowFunction): boolean {
  const { parent } = callback;
  return (
    !callback.modifiers?.length &&
    ts.isCallExpression(parent) &&
    parent.arguments[0] === callback &&
    memberOf(parent.expression, (parent.expression as ts.PropertyAccessExpression).expression) === 'forEach'
  );
}

/** The first name of the declaration whose initializer holds the call, not looking out of its function. */
function declaredAround(call: ts.Expression): string | null {
  const found = ts.findAncestor(call, (node) =>
    ts.isFunctionLike(node) || ts.isBlock(node) ? 'quit' : ts.isVariableDeclaration(node),
  );
  return found && ts.isVariableDeclaration(found) ? declaredName(found.name) : null;
}
