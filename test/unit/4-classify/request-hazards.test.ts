import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import type { ResolvedSite } from '../../../src/2-find/resolved-site.js';
import type { ResultUse } from '../../../src/2-find/result-use.js';
import { requestHazards, requestValueHazards } from '../../../src/4-classify/request-hazards.js';

const catalog = {
  relations: [
    { oid: 7, schema: 'public', name: 'notes', rowSecurity: true, policies: [], triggers: [] },
    { oid: 8, schema: 'public', name: 'tags', rowSecurity: false, policies: [], triggers: [] },
  ],
} as unknown as Catalog;

function siteOf(routine: object, rpc = true): ResolvedSite {
  return {
    site: rpc ? { rpc: {} } : {},
    routine: { owner: 'postgres', securityDefiner: false, returnsSet: true, ...routine },
  } as unknown as ResolvedSite;
}

const reads = (oid: number): object => ({ kind: 'select', from: [{ kind: 'table', oid }] });
const rules = (
  site: ResolvedSite,
  body: unknown,
  limit?: Parameters<typeof requestHazards>[3],
): readonly string[] =>
  requestHazards(site, body, catalog, limit).map(({ rule, message }) => `${rule}: ${message}`);

describe('requestHazards', () => {
  it('says what the role of a request did where policies held', () => {
    expect(rules(siteOf({}), reads(7))).toEqual([
      'request-role: The request ran it as the role of its token, for which the policies of public.notes held. The query runs as the login of the client: check before the call, or in its conditions, what those policies checked.',
    ]);
    expect(rules(siteOf({ securityDefiner: true }), reads(7))).toEqual([
      'request-role: The request ran it with the rights of postgres, whoever called. The query runs as the login of the client: check before the call who may make it.',
    ]);
    expect(rules(siteOf({}), reads(8))).toEqual([]);
    expect(rules(siteOf({}, false), reads(7))).toEqual([]);
  });

  it('names statuses that only PostgREST makes of an error', () => {
    const raise = (condition: string | null, code: string): object => ({
      kind: 'raise',
      condition,
      options: [{ name: 'errcode', value: { kind: 'literal', text: code } }],
    });
    expect(rules(siteOf({}), [raise(null, 'PT404'), raise('PT402', '22023')])).toEqual([
      'http-status: Its RAISE with PT404, PT402 made PostgREST answer with that HTTP status; the error of the query has the code alone.',
    ]);
    expect(rules(siteOf({}), [raise(null, '22023')])).toEqual([]);
  });

  it('says which limit a set had, unless the queries keep it', () => {
    const known = { rows: 1000, place: 'supabase/config.toml' };
    expect(rules(siteOf({}), reads(8), { applied: null, known })).toEqual([
      'row-limit: A request gave 1000 rows at most (max_rows in supabase/config.toml); the query gives all. The setting maxRows: 1000 keeps that limit.',
    ]);
    expect(rules(siteOf({}), reads(8), { applied: 1000, known })).toEqual([]);
    expect(rules(siteOf({ returnsSet: false }), reads(8), { applied: null, known })).toEqual([]);
    expect(rules(siteOf({}, false), reads(8), { applied: null, known })).toEqual([]);
  });
});

describe('requestValueHazards', () => {
  const given = (name: string | null, expression: string): object => ({ name, hole: { expression } });
  const value = (expression: string): object => ({ kind: 'expression', hole: { expression } });
  const found = (rpc: object | undefined, query: object): readonly string[] =>
    requestValueHazards(
      { site: { rpc }, bindings: [] } as unknown as ResolvedSite,
      { request: { query }, arguments: [] } as unknown as ResultUse,
    ).map(({ rule, message }) => `${rule}: ${message}`);

  it('names counts that may be negative', () => {
    expect(found({}, { limit: value('size'), offset: value('from') })).toEqual([
      'negative-count: Where `size` is negative, the request answered PGRST103 (416); the query fails with 2201W.',
      'negative-count: Where `from` is negative, the request answered PGRST103 (416); the query fails with 2201X.',
    ]);
    expect(found({}, { limit: { kind: 'text', text: '10' }, offset: null })).toEqual([]);
    expect(found(undefined, { limit: value('size'), offset: null })).toEqual([]);
  });

  it('names objects that may have more keys than their type', () => {
    expect(found({ object: [given(null, 'args'), given('p_id', 'id')] }, {})).toEqual([
      'more-arguments: Keys of `args` that its type does not name were sent too, and refused where the routine has no such argument (PGRST202); the query leaves them out.',
    ]);
    expect(found({ object: [given('p_id', 'id')] }, {})).toEqual([]);
  });

  it.each([
    [
      'number',
      'price',
      'numeric',
      'Where `price` is NaN or infinite, the request sent null; the query hands it on as it is.',
    ],
    [
      'number',
      'Number(text)',
      'integer',
      'Where `Number(text)` is NaN or infinite, the request sent null; the query fails with 22P02.',
    ],
    [
      'date',
      'due',
      'timestamp with time zone',
      'Where `due` is an invalid date, the request sent null; the query fails.',
    ],
    ['number', '12', 'integer', null],
    ['number', 'lines.length', 'integer', null],
    ['string', 'due', 'date', null],
  ] as const)('names a %s that JSON does not hold: %s for %s', (member, expression, type, message) => {
    const hole = { index: 1, expression };
    const site = {
      site: { rpc: { arguments: [{ name: 'p', hole, type }] } },
      bindings: [{ parameter: { name: 'p' }, argument: { hole } }],
    } as unknown as ResolvedSite;
    const use = { arguments: [{ hole: 1, members: [member] }] } as unknown as ResultUse;
    const rules = requestValueHazards(site, use);
    expect(rules).toEqual(message === null ? [] : [{ rule: 'not-in-json', message }]);
  });
});
