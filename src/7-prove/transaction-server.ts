/**
 * A PostgreSQL protocol server inside one open transaction that looks like a server outside of one:
 * each statement of its own is a savepoint, BEGIN, COMMIT and ROLLBACK are savepoint commands, and
 * ReadyForQuery says "idle". So the user's driver behaves as with a fresh connection, while the
 * harness can undo everything. Isolation levels are dropped; READ ONLY holds.
 */

import type { SentStatement } from './sent-checks.js';

/** The part of PGlite that a wire client needs. */
export interface ProtocolServer {
  execProtocolRawStream(
    message: Uint8Array,
    options: { readonly onRawData: (data: Uint8Array) => void; readonly syncToFs?: boolean },
  ): Promise<void>;
}

export interface TransactionServer extends ProtocolServer {
  /** From now on statements meet the emulation; before, they pass untouched (the start-up). */
  enter(): void;
  /** Forgets a transaction that the last run left open. True when there was one. */
  reset(): boolean;
  /** The statements that have come since the last call, transaction commands left out. */
  sent(): readonly SentStatement[];
}

export function transactionServer(server: ProtocolServer): TransactionServer {
  let active = false;
  let open = false;
  let failed = false;
  let pending = new Uint8Array(0);
  let batch: Batch | null = null;
  /** Messages of a batch until its Sync or Flush: together they cost the server little more than one. */
  let held: Uint8Array[] = [];
  let log: SentStatement[] = [];

  async function send(message: Uint8Array): Promise<{ data: Uint8Array; status: string }> {
    const chunks: Uint8Array[] = [];
    await server.execProtocolRawStream(message, { onRawData: (data) => chunks.push(data.slice()) });
    const data = Buffer.concat(chunks);
    return { data, status: readyStatus(data) };
  }

  const control = async (sql: string): Promise<string> => (await send(queryMessage(sql))).status;

  async function start(sql: string): Promise<Batch> {
    const asked = open ? insideKind(sql) : outsideKind(sql);
    // COMMIT of a failed transaction rolls back without an error of its own.
    const kind = asked === 'commit' && failed ? 'rollback' : asked;
    if (kind === 'statement') log.push({ sql, inTransaction: open });
    if (kind === 'statement' && !open) await control('SAVEPOINT mrpc_statement');
    return { kind, sql };
  }

  async function finish({ kind, sql }: Batch, status: string): Promise<void> {
    if (kind === 'begin') {
      open = true;
      if (/\bread\s+only\b/i.test(sql)) await control('SET TRANSACTION READ ONLY');
    } else if (kind === 'commit' || kind === 'rollback') {
      if (status === 'E') await control('ROLLBACK TO SAVEPOINT mrpc_transaction');
      if (kind === 'rollback' || status === 'E') await control('RELEASE SAVEPOINT mrpc_transaction');
      open = false;
      failed = false;
    } else if (kind === 'statement' && !open) {
      if (status === 'E') await control('ROLLBACK TO SAVEPOINT mrpc_statement');
      await control('RELEASE SAVEPOINT mrpc_statement');
    }
  }

  function noteValues(message: Uint8Array): void {
    const last = log.at(-1);
    if (last !== undefined) log = [...log.slice(0, -1), { ...last, values: boundValues(message) }];
  }

  async function handle(message: Uint8Array, onRawData: (data: Uint8Array) => void): Promise<void> {
    const type = String.fromCharCode(message[0] ?? 0);
    const sql = statementText(type, message);
    if (sql !== null && batch === null) batch = await start(sql);
    const current = batch;
    if (type === 'B') noteValues(message);
    const sent =
      sql !== null && current !== null ? withText(type, message, replacement(current, sql)) : message;
    held.push(sent);
    if (!'QSH'.includes(type)) return;
    const together = Buffer.concat(held);
    held = [];
    const { data, status } = await send(together);
    if (type !== 'H') {
      batch = null;
      if (current !== null) await finish(current, status);
      failed = open && status === 'E';
      setReadyStatus(data, open ? status : 'I');
    }
    onRawData(data);
  }

  return {
    enter() {
      active = true;
    },
    reset() {
      const was = open;
      open = false;
      failed = false;
      batch = null;
      held = [];
      pending = new Uint8Array(0);
      return was;
    },
    sent() {
      const sent = log;
      log = [];
      return sent;
    },
    async execProtocolRawStream(chunk, { onRawData }) {
      if (!active) return server.execProtocolRawStream(chunk, { onRawData });
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const length = messageLength(pending);
        if (length === null) return;
        const message = pending.slice(0, length);
        pending = pending.slice(length);
        await handle(message, onRawData);
      }
    },
  };
}

interface Batch {
  readonly kind: 'statement' | 'begin' | 'commit' | 'rollback' | 'set-transaction' | 'nothing';
  readonly sql: string;
}

function outsideKind(sql: string): Batch['kind'] {
  if (/^\s*(begin|start\s+transaction)\b/i.test(sql)) return refusedModes(sql) ? 'statement' : 'begin';
  // COMMIT and ROLLBACK outside a transaction are a warning and nothing more.
  if (/^\s*(commit|end|rollback|abort)\b\s*(work|transaction)?\s*;?\s*$/i.test(sql)) return 'nothing';
  return 'statement';
}

const mode =
  '(isolation\\s+level\\s+(serializable|repeatable\\s+read|read\\s+(un)?committed)|read\\s+(only|write)|(not\\s+)?deferrable)';
const knownModes = new RegExp(
  `^\\s*(begin|start\\s+transaction|set\\s+transaction)(\\s+(work|transaction))?(\\s+${mode}(\\s*,\\s*${mode}|\\s+${mode})*)?\\s*;?\\s*$`,
  'i',
);

/** What PostgreSQL refuses as a transaction mode, it is asked to refuse here too. */
function refusedModes(sql: string): boolean {
  return !knownModes.test(sql) && !/;\s*\S/.test(sql);
}

function insideKind(sql: string): Batch['kind'] {
  if (/^\s*(commit|end)\b\s*(work|transaction)?\s*;?\s*$/i.test(sql)) return 'commit';
  if (/^\s*(rollback|abort)\b\s*(work|transaction)?\s*;?\s*$/i.test(sql)) return 'rollback';
  if (/^\s*set\s+transaction\b/i.test(sql)) return refusedModes(sql) ? 'statement' : 'set-transaction';
  return 'statement';
}

/** The SQL that stands for a transaction command inside the harness's own transaction. */
function replacement(batch: Batch, sql: string): string {
  switch (batch.kind) {
    case 'begin':
      return 'SAVEPOINT mrpc_transaction';
    case 'commit':
      return 'RELEASE SAVEPOINT mrpc_transaction';
    case 'rollback':
      return 'ROLLBACK TO SAVEPOINT mrpc_transaction';
    case 'set-transaction':
      return /\bread\s+only\b/i.test(sql) ? 'SET TRANSACTION READ ONLY' : 'SELECT WHERE false';
    case 'nothing':
      return 'SELECT WHERE false';
    case 'statement':
      return sql;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text of a Query or Parse message, else null. */
function statementText(type: string, message: Uint8Array): string | null {
  if (type === 'Q') return cString(message, 5);
  if (type !== 'P') return null;
  return cString(message, message.indexOf(0, 5) + 1);
}

/** Values of a Bind message, as the texts that drivers send. */
function boundValues(message: Uint8Array): readonly (string | null)[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = message.indexOf(0, message.indexOf(0, 5) + 1) + 1;
  at += 2 + 2 * view.getInt16(at);
  const count = view.getInt16(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return decoder.decode(message.subarray(at - length, at));
  });
}

function cString(message: Uint8Array, start: number): string {
  return decoder.decode(message.subarray(start, message.indexOf(0, start)));
}

function withText(type: string, message: Uint8Array, sql: string): Uint8Array {
  if (statementText(type, message) === sql) return message;
  if (type === 'Q') return queryMessage(sql);
  const start = message.indexOf(0, 5) + 1;
  const end = message.indexOf(0, start);
  return framed('P', Buffer.concat([message.subarray(5, start), encoder.encode(sql), message.subarray(end)]));
}

function queryMessage(sql: string): Uint8Array {
  return framed('Q', encoder.encode(`${sql}\0`));
}

function framed(type: string, body: Uint8Array): Uint8Array {
  const message = Buffer.alloc(5 + body.length);
  message.write(type, 0, 'latin1');
  message.writeInt32BE(body.length + 4, 1);
  message.set(body, 5);
  return message;
}

function messageLength(buffer: Uint8Array): number | null {
  if (buffer.length < 5) return null;
  const length = 1 + new DataView(buffer.buffer, buffer.byteOffset).getInt32(1);
  return buffer.length < length ? null : length;
}

/** Status byte of the last ReadyForQuery (`I`, `T`, `E`), or an empty text. */
function readyStatus(data: Uint8Array): string {
  const at = readyAt(data);
  return at === null ? '' : String.fromCharCode(data[at] ?? 0);
}

function setReadyStatus(data: Uint8Array, status: string): void {
  const at = readyAt(data);
  if (at !== null && status !== '') data[at] = status.charCodeAt(0);
}

/** ReadyForQuery is the last message of an answer: `Z`, length 5, status. */
function readyAt(data: Uint8Array): number | null {
  const start = data.length - 6;
  return start >= 0 && data[start] === 0x5a && data[start + 4] === 5 ? data.length - 1 : null;
}
