/**
 * The two things this program asks of a pg client: one simple-protocol string, and Parse + Describe +
 * Sync of unnamed statements. Live and embedded databases share them.
 */
import pg from 'pg';
import {
  DatabaseFailure,
  type DescribeAnswer,
  type DescribedColumn,
  type DescribeRequest,
  type PostgresError,
  type ResultSet,
} from './database.js';

/**
 * A client that sends what is queued without waiting for answers. It sets no session state and sends
 * no startup parameter but the user, the database and the application's name, which poolers accept.
 */
export function makeClient(config: pg.ClientConfig): pg.Client {
  const piped: pg.ClientConfig & { pipeline: boolean } = { ...config, pipeline: true };
  return new pg.Client(piped);
}

/** Connects and gives the server's version as it announces itself, without a round trip for it. */
export async function connectClient(client: pg.Client): Promise<string> {
  let version = '';
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    if (message.parameterName === 'server_version') version = message.parameterValue;
  });
  await client.connect();
  return version;
}

/** Throws `DatabaseFailure` for what the server refuses; anything else passes as pg threw it. */
export async function simpleQuery(client: pg.Client, text: string): Promise<ResultSet[]> {
  try {
    const result = (await client.query(text)) as pg.QueryResult | pg.QueryResult[];
    return [result].flat().map(({ command, rows }) => ({
      command,
      rows: rows as Record<string, unknown>[],
    }));
  } catch (error) {
    throw isServerError(error) ? new DatabaseFailure(asPostgresError(error)) : error;
  }
}

/** All requests leave at once; answers come in their order. A refused statement is an answer, not a throw. */
export async function describeStatements(
  client: pg.Client,
  requests: readonly DescribeRequest[],
): Promise<DescribeAnswer[]> {
  const waiting: Describe[] = [];
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  const onParameters = (message: { dataTypeIDs: number[] }): void => {
    const first = waiting[0];
    if (first) first.parameters = message.dataTypeIDs;
  };
  connection.on('parameterDescription', onParameters);
  try {
    return await Promise.all(
      requests.map(
        (request) =>
          new Promise<DescribeAnswer>((resolve, reject) => {
            const describe = new Describe(request, resolve, reject);
            waiting.push(describe);
            describe.settled = () => waiting.splice(waiting.indexOf(describe), 1);
            client.query(describe);
          }),
      ),
    );
  } finally {
    connection.off('parameterDescription', onParameters);
  }
}

/** An answer of the server, as against a broken connection. */
export function isServerError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && typeof error.code === 'string';
}

/** Position is the character in the statement, 1-based, as the server counts. */
export function asPostgresError(error: pg.DatabaseError): PostgresError {
  return {
    sqlstate: error.code ?? 'XX000',
    message: error.message,
    detail: error.detail ?? null,
    hint: error.hint ?? null,
    position: error.position === undefined ? null : Number(error.position),
  };
}

interface Wire {
  parse(message: { name: string; text: string; types: readonly number[] }): void;
  describe(message: { type: 'S'; name: string }): void;
  sync(): void;
}

interface WireField {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly tableID: number;
  readonly columnID: number;
}

/** pg pipelines only its own Query class, so this is one; it never binds or executes. */
class Describe extends pg.Query {
  parameters: readonly number[] = [];
  settled: () => void = () => {};
  private columns: readonly DescribedColumn[] = [];

  constructor(
    private readonly request: DescribeRequest,
    private readonly resolve: (answer: DescribeAnswer) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    super(request.text);
    this.submit = (connection) => {
      const wire = connection as unknown as Wire;
      wire.parse({ name: '', text: this.request.text, types: this.request.parameterTypes ?? [] });
      wire.describe({ type: 'S', name: '' });
      wire.sync();
      return null;
    };
  }

  handleRowDescription(message: { fields: readonly WireField[] }): void {
    this.columns = message.fields.map((field) => ({
      name: field.name,
      type: field.dataTypeID,
      typmod: field.dataTypeModifier,
      table: field.tableID,
      column: field.columnID,
    }));
  }

  handleError(error: unknown): void {
    this.settled();
    if (isServerError(error)) this.resolve({ ok: false, failure: asPostgresError(error) });
    else this.reject(error);
  }

  handleReadyForQuery(): void {
    this.settled();
    this.resolve({ ok: true, parameters: this.parameters, columns: this.columns });
  }
}
