/**
 * The harness's own statements on an embedded PostgreSQL, by the simple protocol. PGlite's `exec` gives the same and
 * takes some five times as long for a short statement, which the cases of a proof are made of.
 */
import type { PGlite } from '@electric-sql/pglite';
import { messageReader } from '../io/backend-messages.js';
import type { RunTexts } from './clone-session.js';

/** Values as the server prints them; errors have the server's message and its SQLSTATE as `code`. */
export function embeddedTexts(pglite: Pick<PGlite, 'execProtocolRawStream'>): RunTexts {
  return async (sql) => {
    const results: (readonly (string | null)[])[][] = [];
    let rows: (readonly (string | null)[])[] = [];
    let failure: Error | null = null;
    const read = messageReader((type, body) => {
      if (type === 'D') rows.push(rowTexts(body));
      else if (type === 'E') failure ??= serverError(body);
      // CommandComplete, or what stands for it after an empty statement.
      else if (type === 'C' || type === 'I') {
        results.push(rows);
        rows = [];
      }
    });
    await pglite.execProtocolRawStream(queryMessage(sql), { onRawData: read });
    if (failure !== null) throw failure as Error;
    return results;
  };
}

function queryMessage(sql: string): Uint8Array {
  const length = Buffer.byteLength(sql) + 1;
  const message = Buffer.alloc(5 + length);
  message.write('Q', 0, 'latin1');
  message.writeInt32BE(length + 4, 1);
  message.write(sql, 5);
  return message;
}

/** The values of a DataRow (PostgreSQL manual, 54.7). */
function rowTexts(body: Buffer): readonly (string | null)[] {
  let at = 2;
  return Array.from({ length: body.readInt16BE(0) }, () => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return body.toString('utf8', at - length, at);
  });
}

/** Of an ErrorResponse (PostgreSQL manual, 54.8). */
function serverError(body: Buffer): Error {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field[0], field.slice(1)]),
  );
  return Object.assign(new Error(fields.get('M') ?? ''), { code: fields.get('C') ?? '' });
}
