/**
 * Where a query builder takes a fragment of SQL: the clause, whose rows it is evaluated for, and the client that
 * the builder starts from. By syntax alone.
 */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';
import { unwrap } from './find-constant.js';
import { methodName } from './sql-sender.js';
import { tagOrigin } from './sql-tag.js';

export interface FragmentClause {
  /** As SQL calls it: `SELECT`, `WHERE`, `ORDER BY`, `SET`, `VALUES`, `RETURNING`, `ON`. */
  readonly clause: string;
  /** Whose rows each evaluate it, as a phrase; null: it is evaluated once. */
  readonly rows: string | null;
  /** What the builder is called on: `db`, `this.db`, `tx`. Null: not told here, or its tables get other names. */
  readonly executor: string | null;
  /** GROUP BY or DISTINCT of the same query may compare it with other expressions. */
  readonly compared: boolean;
  readonly besideWrites: boolean;
}

const clauses: Readonly<Record<string, string>> = {
  select: 'SELECT',
  returning: 'RETURNING',
  set: 'SET',
  values: 'VALUES',
  where: 'WHERE',
  having: 'HAVING',
  orderBy: 'ORDER BY',
  leftJoin: 'ON',
  innerJoin: 'ON',
  rightJoin: 'ON',
  fullJoin: 'ON',
  $count: 'WHERE',
  onConflictDoUpdate: 'ON CONFLICT',
};

export function findFragmentPlace(fragment: ts.Expression): FragmentClause | SiteRefusal {
  let node: ts.Expression = fragment;
  let listed = false;
  for (;;) {
    const { parent } = node;
    const outer = sameValue(parent, node);
    if (outer !== null) node = outer;
    else if (ts.isPropertyAssignment(parent) && parent.initializer === node) node = parent.parent;
    else if (ts.isArrayLiteralExpression(parent)) {
      listed = true;
      node = parent;
    } else if (ts.isCallExpression(parent) && parent.arguments.some((one) => one === node)) {
      if (tagOrigin(parent.expression) === 'drizzle') node = parent;
      else return clauseOf(parent, node, listed);
    } else if (ts.isVariableDeclaration(parent)) {
      return refused(
        `the fragment is held by \`${parent.name.getText()}\`, which may stand in several places`,
      );
    } else return refused('in a fragment of a statement that is put together elsewhere');
  }
}

/** `(x)`, `x as T`, a branch of `a ? x : y`, `a && x`, `x.as('name')` and `x.mapWith(Number)` are x to the query. */
function sameValue(parent: ts.Node, node: ts.Expression): ts.Expression | null {
  if (ts.isExpression(parent) && unwrap(parent) === unwrap(node)) return parent;
  if (ts.isConditionalExpression(parent) && parent.condition !== node) return parent;
  if (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    /^(?:&&|\|\||\?\?)$/.test(parent.operatorToken.getText())
  )
    return parent;
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent : null;
  const call = member?.parent;
  return member !== null && /^(?:as|mapWith)$/.test(member.name.text) && call && ts.isCallExpression(call)
    ? call
    : null;
}

function clauseOf(
  call: ts.CallExpression,
  argument: ts.Expression,
  listed: boolean,
): FragmentClause | SiteRefusal {
  const method = methodName(unwrap(call.expression));
  if (method === null) return refused(`it is given to ${call.expression.getText()}(…)`);
  if (/^find(?:Many|First)$/.test(method.name)) {
    return { clause: 'WHERE', rows: 'the query', executor: null, compared: false, besideWrites: false };
  }
  if (method.name === 'groupBy' || method.name.startsWith('selectDistinct'))
    return refused(`${method.name === 'groupBy' ? 'GROUP BY' : 'DISTINCT'} compares it`);
  const clause = clauses[method.name];
  const joined = clause === 'ON' || method.name === '$count';
  if (clause === undefined || (joined && call.arguments[1] !== argument))
    return refused(`it is given to .${method.name}(…)`);
  const chain = chainOf(call);
  const compared = chain.some(({ name, call: one }) =>
    name.startsWith('selectDistinct')
      ? true
      : name === 'groupBy' && !one.arguments.every((key) => ts.isPropertyAccessExpression(unwrap(key))),
  );
  return {
    clause,
    rows: method.name === 'values' && !listed ? null : `the ${writes(chain) ? 'written rows' : 'query'}`,
    executor: executorOf(chain),
    compared,
    besideWrites: writes(chain) && chain.some(({ name }) => name === 'with'),
  };
}

interface Link {
  readonly name: string;
  readonly call: ts.CallExpression;
  readonly receiver: ts.Expression;
}

/** All calls of the chain that `call` is one of, from the first. */
function chainOf(call: ts.CallExpression): readonly Link[] {
  let last: ts.CallExpression = call;
  while (ts.isPropertyAccessExpression(last.parent) && ts.isCallExpression(last.parent.parent))
    last = last.parent.parent;
  const links: Link[] = [];
  let node: ts.Expression = last;
  while (ts.isCallExpression(node)) {
    const method = methodName(unwrap(node.expression));
    if (method === null) break;
    links.unshift({ name: method.name, call: node, receiver: method.receiver });
    node = unwrap(method.receiver);
  }
  return links;
}

function writes(chain: readonly Link[]): boolean {
  return chain.some(({ name }) => /^(?:insert|update|delete)$/.test(name));
}

/** A builder that was begun elsewhere is called on something else than a client. */
function executorOf(chain: readonly Link[]): string | null {
  const [first] = chain;
  if (
    first === undefined ||
    !/^(?:select|selectDistinct(?:On)?|insert|update|delete|with|\$count)$/.test(first.name)
  )
    return null;
  const { receiver } = first;
  return /^[\w$.]+$/.test(receiver.getText()) ? receiver.getText() : null;
}

function refused(detail: string): SiteRefusal {
  return { reason: 'embedded', detail };
}
