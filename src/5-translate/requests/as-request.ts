/** A translated query as what stands in place of a request: it resolves to `{ data, error }`, or rejects. */
import type { RequestUse } from '../../2-find/request-use.js';
import type { Driver } from '../../1-read/user-project.js';
import type { Code, Line } from '../code.js';

/** What a translation resolves to, inline or as a function of its own. */
export interface Translated {
  readonly shape: 'rows' | 'result' | 'value' | 'nothing';
  readonly nullRowWhenEmpty: boolean;
  readonly synchronous: boolean;
  /** Keys of a row in order. */
  readonly keys: readonly string[];
  readonly driver: Driver;
  /** Does the compiler count an index that may find nothing? */
  readonly countsIndexes?: boolean;
}

export function asRequest(query: Code, given: Translated, use: RequestUse): Code {
  const data = dataInTransaction(query, given, use) ?? answered(query, given, use);
  if (use.failure !== 'answer') {
    const rejecting = method(asPromise(data, given), 'catch', support('throwRoutineError'));
    if (use.failure === 'data') return rejecting;
    return then(rejecting, arrow(['data'], object([['data', local('data')]])));
  }
  const callback: Code = {
    kind: 'arrow',
    async: given.synchronous,
    parameters: [],
    body: data,
  };
  return { kind: 'call', callee: support('attempt'), arguments: [callback] };
}

/**
 * Rows that are not one are counted before COMMIT, because PostgREST takes back what the function did when its
 * answer is PGRST116, also where supabase-js then makes null of it. Null where no transaction or no count is.
 */
function dataInTransaction(query: Code, given: Translated, use: RequestUse): Code | null {
  if (use.rows === null || !opensTransaction(query)) return null;
  const [callback, ...config] = query.arguments;
  if (callback?.kind !== 'arrow' || !isCode(callback.body)) return null;
  // With a configuration the transaction only reads.
  const undone = use.rows === 'maybe-single' && config.length === 0;
  const body = answered(callback.body, given, undone ? { ...use, rows: 'single' } : use);
  const counted: Code = { ...query, arguments: [{ ...callback, body }, ...config] };
  return undone ? method(counted, 'catch', support('noneAsNull')) : counted;
}

function opensTransaction(query: Code): query is Extract<Code, { kind: 'call' }> {
  if (query.kind !== 'call') return false;
  const { callee } = query;
  return callee.kind === 'transaction' || (callee.kind === 'member' && callee.property === 'transaction');
}

function isCode(body: Code | readonly Line[]): body is Code {
  return !Array.isArray(body);
}

function answered(query: Code, given: Translated, use: RequestUse): Code {
  return withRows(asClaimed(withPicks(dataOf(query, given, use), use), use), use);
}

/** The query, resolving to the `data` that the response held. */
function dataOf(query: Code, given: Translated, { data, unread, rows: counted }: RequestUse): Code {
  if ((unread && counted === null) || data === 'nothing')
    return data === 'nothing' && !unread ? then(query, arrow([], nothing)) : query;
  const [key = 'value'] = given.keys;
  if (given.shape === 'value') {
    return data === 'row' && given.keys.length === 1
      ? then(query, arrow(['value'], object([[key, local('value')]])))
      : query;
  }
  const whole = given.shape === 'result' && given.driver !== 'postgres-js';
  const rows = whole ? '{ rows }' : 'rows';
  const list: Code = local('rows');
  if (data === 'rows') return whole ? then(query, arrow([rows], list)) : query;
  if (data === 'values') {
    const values = method(list, 'map', arrow(['row'], member(local('row'), key)));
    return then(query, arrow([rows], values));
  }
  const first = whole ? '{ rows: [row] }' : '[row]';
  const row = local('row');
  const nulls = object(given.keys.map((one) => [one, nothing]));
  const found: Code = given.countsIndexes === true ? { kind: 'non-null', value: row } : row;
  if (data === 'row') return then(query, arrow([first], given.nullRowWhenEmpty ? orElse(row, nulls) : found));
  if (given.nullRowWhenEmpty) return then(query, arrow([first], orElse(member(row, key, true), nothing)));
  return then(query, arrow([first], member(found, key)));
}

/** `.select('a, b')` of what has more columns, and values as JSON gives them. */
function withPicks(data: Code, { picks, conversions = [], unread, data: kind }: RequestUse): Code {
  if ((picks === undefined && conversions.length === 0) || unread) return data;
  const [only] = conversions;
  if (kind === 'value') return only === undefined ? data : then(data, support(only.helper));
  if (kind === 'values') {
    const values = only === undefined ? null : method(local('values'), 'map', support(only.helper));
    return values === null ? data : then(data, arrow(['values'], values));
  }
  const valueOf = (key: string): Code => {
    const value = member(local('row'), key);
    const helper = conversions.find((one) => one.key === key)?.helper;
    return helper === undefined ? value : { kind: 'call', callee: support(helper), arguments: [value] };
  };
  const taken: Code = {
    kind: 'object',
    entries: [
      ...(picks === undefined ? [{ kind: 'spread' as const, value: local('row') }] : []),
      ...(picks ?? conversions.map(({ key }) => ({ key, source: key }))).map(({ key, source }) => ({
        kind: 'property' as const,
        key,
        value: valueOf(source),
      })),
    ],
  };
  if (kind === 'row') return then(data, arrow(['row'], taken));
  return then(data, arrow(['rows'], method(local('rows'), 'map', arrow(['row'], taken))));
}

/** The type that the code counts on, where the value may be NULL by what the database says. */
function asClaimed(data: Code, { asClaimed: counts, claimed, data: kind }: RequestUse): Code {
  if (counts === undefined || kind !== 'value' || !claimed?.value) return data;
  const type = claimed.value;
  const last = data.kind === 'call' && data.callee.kind === 'member' ? data.arguments[0] : undefined;
  if (data.kind === 'call' && last?.kind === 'arrow' && isCode(last.body) && isThen(data))
    return { ...data, arguments: [{ ...last, body: { kind: 'as', value: last.body, type } }] };
  return then(data, arrow(['value'], { kind: 'as', value: local('value'), type }));
}

function isThen({ callee }: Extract<Code, { kind: 'call' }>): boolean {
  return callee.kind === 'member' && callee.property === 'then';
}

/** `.single()` and `.maybeSingle()` of a set. */
function withRows(data: Code, { rows }: RequestUse): Code {
  if (rows === null) return data;
  return then(data, support(rows === 'single' ? 'single' : 'maybeSingle'));
}

/** What JavaScript computes may throw at once. */
function asPromise(data: Code, { synchronous }: Translated): Code {
  if (!synchronous) return data;
  const callee: Code = { kind: 'arrow', async: true, parameters: [], body: data };
  return { kind: 'call', callee, arguments: [] };
}

const nothing: Code = { kind: 'keyword', value: 'null' };

function local(name: string): Code {
  return { kind: 'local', name };
}

function support(name: string): Code {
  return { kind: 'routine', module: 'support', name };
}

function arrow(parameters: readonly string[], body: Code): Code {
  return { kind: 'arrow', async: false, parameters, body };
}

function member(value: Code, property: string, optional = false): Code {
  return { kind: 'member', object: value, property, optional };
}

function method(value: Code, property: string, argument: Code): Code {
  return { kind: 'call', callee: member(value, property), arguments: [argument] };
}

/** What the callback before only hands on is taken where it came from. */
function then(query: Code, callback: Code): Code {
  const taken = callback.kind === 'arrow' ? handedOn(query, callback.parameters.join()) : null;
  if (query.kind !== 'call' || callback.kind !== 'arrow' || taken === null)
    return method(query, 'then', callback);
  return { ...query, arguments: [{ ...callback, parameters: taken }] };
}

/** Parameters of the last callback of a query, where its value is the name alone. */
function handedOn(query: Code, name: string): readonly string[] | null {
  if (query.kind !== 'call' || query.callee.kind !== 'member' || query.callee.property !== 'then')
    return null;
  const [before] = query.arguments;
  if (before?.kind !== 'arrow' || before.async || !('kind' in before.body)) return null;
  return before.body.kind === 'local' && before.body.name === name ? before.parameters : null;
}

function orElse(left: Code, right: Code): Code {
  return { kind: 'binary', operator: '??', left, right };
}

function object(entries: readonly (readonly [string, Code])[]): Code {
  return { kind: 'object', entries: entries.map(([key, value]) => ({ kind: 'property', key, value })) };
}
