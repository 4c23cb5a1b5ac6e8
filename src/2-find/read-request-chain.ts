/** The methods that are called on a request before it is awaited, and what each asks for. */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';
import { addMethod } from './read-request-query.js';
import { noQuery } from './request-query.js';
import type { RequestUse } from './request-use.js';

export interface RequestChain extends Pick<RequestUse, 'rows' | 'query'> {
  readonly failure: 'answer' | 'thrown';
  /** The outermost call of the chain. */
  readonly request: ts.Expression;
}

/** `set`: the routine gives a set, of which `.single()` takes one row. */
export function readRequestChain(call: ts.CallExpression, set: boolean): RequestChain | SiteRefusal {
  let request: ts.Expression = call;
  let rows: RequestChain['rows'] = null;
  let failure: RequestChain['failure'] = 'answer';
  let query = noQuery;
  for (;;) {
    const next = calledOn(request);
    const asked = query === noQuery ? {} : { query };
    if (next === null) return { request, rows, failure, ...asked };
    const { name, outer } = next;
    if (typeOnly.has(name)) request = outer;
    else if (name === 'throwOnError') {
      [request, failure] = [outer, 'thrown'];
    } else if (name === 'single' || name === 'maybeSingle') {
      request = outer;
      if (set) rows = name === 'single' ? 'single' : 'maybe-single';
    } else if (ofThenables.has(name)) return { request, rows, failure, ...asked };
    else if (ofResponses.has(name)) {
      return { reason: 'response-metadata', detail: `.${name}() asks for another response` };
    } else {
      const added = addMethod(query, name, outer);
      if (added === null) return { reason: 'rpc-not-yet', detail: `.${name}() on the request` };
      if ('reason' in added) return added;
      [request, query] = [outer, added];
    }
  }
}

const typeOnly: ReadonlySet<string> = new Set(['returns', 'overrideTypes']);
const ofThenables: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);
const ofResponses: ReadonlySet<string> = new Set([
  'csv',
  'explain',
  'geojson',
  'abortSignal',
  'setHeader',
  'rollback',
  'maxAffected',
]);

/** `.name(…)` on the expression, casts and parentheses round it left out. */
function calledOn(
  expression: ts.Expression,
): { readonly name: string; readonly outer: ts.CallExpression } | null {
  let node: ts.Node = expression;
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isAsExpression(node.parent) ||
    ts.isNonNullExpression(node.parent)
  ) {
    node = node.parent;
  }
  const access = node.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== node) return null;
  const outer = access.parent;
  return ts.isCallExpression(outer) && outer.expression === access ? { name: access.name.text, outer } : null;
}
