/** A case in which the query of a routine fails, which shows how its error reaches the caller. */
import type { Statement } from '../3-parse/statement.js';
import { quoteIdentifier } from '../sql/identifier.js';
import { isList, type Shown } from './represent.js';
import type { ProofCase } from './pair.js';
import { firstRange } from './sent-sql.js';

/**
 * The first case with the first table of a SELECT away. Only where it is the whole body: of several statements the
 * new side may send another one first. None for a body without a text of its own (BEGIN ATOMIC), which knows its
 * tables by OID.
 */
export function failingRead(
  statement: Statement,
  [first]: readonly ProofCase[],
  hasText: boolean,
): readonly ProofCase[] {
  const range = statement.kind === 'select' && hasText ? firstRange(statement.from[0]) : null;
  if (range === null || first === undefined) return [];
  const schema = quoteIdentifier(range.schema);
  const away = '"mrpc away"';
  return [
    {
      ...first,
      name: `${first.name}, ${range.table} is away`,
      broken: {
        sql: `ALTER TABLE ${schema}.${quoteIdentifier(range.table)} RENAME TO ${away}`,
        mended: `ALTER TABLE ${schema}.${away} RENAME TO ${quoteIdentifier(range.table)}`,
      },
    },
  ];
}

/** That there is an error, and in which form, but not what it says: the two sides name a table each in its way. */
export function withoutErrorTexts(shown: Shown): Shown {
  if (typeof shown !== 'object' || shown === null) return shown;
  if (isList(shown)) return shown.map(withoutErrorTexts);
  if (!('keys' in shown)) return shown;
  const keys = shown.keys.map(
    ([key, value]) => [key, errorTexts.has(key) ? typeof value : withoutErrorTexts(value)] as const,
  );
  return { ...shown, keys };
}

const errorTexts = new Set(['message', 'detail', 'details', 'hint', 'code']);
