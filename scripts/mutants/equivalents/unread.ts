/** Values that nothing reads, or that are set anew before anything does. */
import type { Equivalent } from './equivalent.js';

const initial = ['another number', 'the other boolean', 'another text', 'drop a guard', '|| for ??'];
const setFirst = 'the variable is set anew before anything reads it (manual, 41.5.1)';
const caught = 'the handler of the error reads neither its message nor its hint (manual, 41.6.8)';
const foundAgain = 'FOUND is set anew before anything reads it (manual, 41.5.5)';

export const unread: readonly Equivalent[] = [
  {
    operators: ['another number'],
    was: /^0$/,
    is: /^1$/,
    holds: /rowCount \?\? 1\b/,
    why: 'the count beside rowCount ?? is never used, for CommandComplete of a write always carries one (manual, 55.7)',
  },
  {
    ids: ['handler-keeps-assignments/steps'],
    operators: initial,
    was: /^0$/,
    statement: /^let step = /,
    why: setFirst,
  },
  { ids: ['javascript-errors/overflow'], operators: initial, statement: /^let sum: /, why: setFirst },
  { ids: ['nested-handlers/inside-a-handler'], operators: initial, statement: /^let seen = /, why: setFirst },
  { ids: ['into-columns/counts'], operators: initial, statement: /^let note: .* = 'kept'/, why: setFirst },
  { ids: ['not-null-variable/owner'], operators: initial, statement: /^let (owner|note) = '/, why: setFirst },
  {
    ids: ['assign-domain/missing-row'],
    operators: initial,
    statement:
      /^let (from|kind): .* = await evaluate\(tx, _sql<\w+>`('none'::public\.known|1::public\.grade)`\)/,
    why: `${setFirst}, and the domain takes the literal (manual, 8.18)`,
  },
  {
    ids: ['row-variable/assigned-query'],
    operators: [...initial, 'wrong alias'],
    // All that is read behind the second query is the tier.
    statement: /^customer(Id|Name) = customer3|^let customerTier: |^const \[customer3\] = /,
    is: /^\(\(customer[23]\?\.(id|name|tier)\) |^\{ id: _customers\.name, name: _customers\.id, /,
    why: 'nothing reads that field of the row variable before it is set anew, or ever (manual, 41.3.3)',
  },
  {
    ids: ['calls-routine/assign-module'],
    operators: ['another number'],
    was: /^0$/,
    statement: /^let seen = /,
    why: 'the variable is read only where the branch that sets it was taken (manual, 41.6.4)',
  },
  {
    ids: ['found-across-if/either'],
    operators: ['the other boolean'],
    statement: /^let found = false;$/,
    why: 'each of the three branches sets FOUND (manual, 41.5.5) before anything reads it',
  },
  {
    ids: ['storefront src/services/catalogue.ts'],
    operators: ['wrong alias'],
    is: /tags: _products\.updatedAt, updatedAt: _products\.tags/,
    holds:
      /db\.select\(\{ sku: rows\.sku, name: rows\.name, price: _sql<number>`to_json\(\$\{rows\.price\}\)` \}\)/,
    why: 'the query round it reads neither column (manual, 7.2.1.3)',
  },
  {
    ids: ['foreach/column'],
    operators: ['another comparison'],
    was: /^account !== undefined$/,
    why: `${foundAgain}: the end of the loop sets it (manual, 41.6.7)`,
  },
  {
    ids: ['for-range/assigned'],
    operators: ['another number', 'another comparison', 'the other boolean'],
    statement: /^let found = false;$|^found = \(result2?\.rowCount \?\? 0\) > 0;$/,
    why: `${foundAgain}: the end of the loop sets it (manual, 41.6.5.5), and after the last UPDATE nothing asks`,
  },
  {
    ids: ['strict-in-block/none-or-many'],
    operators: ['another text'],
    was: /query returned|Make sure/,
    why: caught,
  },
  {
    ids: ['javascript-errors/raised'],
    operators: ['another text', 'wrong error code'],
    was: /^'(assert|ZZ001)'$/,
    statement: /^throw new RoutineError\('(P0004', 'assert'|ZZ001')/,
    why: 'one handler reads the code of the error alone, the other its message alone (manual, 41.6.8)',
  },
  {
    ids: ['handler-others/not-assert'],
    operators: ['wrong error code'],
    was: /^'P0001'$/,
    why: 'the handler reads the message of the error alone (manual, 41.6.8)',
  },
  {
    ids: ['rpc-rethrow/error-only'],
    operators: ['another text'],
    was: /^'paid'$/,
    statement: /^return 'paid';$/,
    why: 'the site takes the error of the request alone',
  },
];
