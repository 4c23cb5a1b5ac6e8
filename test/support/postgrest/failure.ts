/** What PostgREST answers in place of a result: four fields and an HTTP status (its documentation, "Errors"). */

export interface Failure {
  readonly code: string;
  readonly details: string | null;
  readonly hint: string | null;
  readonly message: string;
}

export interface FailedAnswer {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly failure: Failure;
}

/** An answer of PostgREST itself, which no statement of the database gave. */
export class Refusal extends Error {
  constructor(readonly answer: FailedAnswer) {
    super(answer.failure.message);
  }
}

/** HTTP statuses of the section "PostgREST Error Codes". */
const statuses = {
  PGRST100: 400,
  PGRST101: 405,
  PGRST102: 400,
  PGRST103: 416,
  PGRST106: 406,
  PGRST107: 406,
  PGRST111: 500,
  PGRST112: 500,
  PGRST116: 406,
  PGRST121: 500,
  PGRST122: 400,
  PGRST124: 400,
  PGRST125: 404,
  PGRST127: 400,
  PGRST128: 400,
  PGRST202: 404,
  PGRST203: 300,
  PGRST301: 401,
  PGRST303: 401,
} as const;

export function refusal(
  code: keyof typeof statuses,
  message: string,
  { details = null, hint = null }: { readonly details?: string | null; readonly hint?: string | null } = {},
): Refusal {
  return new Refusal({ status: statuses[code], headers: {}, failure: { code, message, details, hint } });
}

/** An error of the server, as pg gives it. */
interface Raised {
  readonly code: string;
  readonly detail?: string;
  readonly hint?: string;
}

function isRaised(error: Error): error is Error & Raised {
  return 'severity' in error && 'code' in error;
}

/** Anything but an error of the server or a refusal is thrown on. `known`: somebody has logged in. */
export function answerOfError(thrown: unknown, known: boolean): FailedAnswer {
  if (thrown instanceof Refusal) return thrown.answer;
  const raised = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (!(raised instanceof Error) || !isRaised(raised)) throw thrown;
  const { code, detail, hint, message } = raised;
  if (code === 'PGRST') return answerOfRaise(message, detail);
  const failure = { code, details: detail ?? null, hint: hint ?? null, message };
  return { status: statusOf(code, known), headers: {}, failure };
}

/** Section "Add HTTP Headers with RAISE". */
function answerOfRaise(message: string, detail: string | undefined): FailedAnswer {
  const said = parsed(message);
  const how = parsed(detail ?? '');
  if (typeof said?.code !== 'string' || typeof said.message !== 'string' || typeof how?.status !== 'number') {
    return refusal('PGRST121', `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`).answer;
  }
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const failure = {
    code: said.code,
    message: said.message,
    details: text(said.details),
    hint: text(said.hint),
  };
  const statusText = text(how.status_text);
  return {
    status: how.status,
    ...(statusText === null ? {} : { statusText }),
    headers: (how.headers ?? {}) as Record<string, string>,
    failure,
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** Section "HTTP Status Codes", the longest prefix first. */
function statusOf(code: string, known: boolean): number {
  if (/^PT\d{3}$/.test(code)) return Number(code.slice(2));
  if (code === '42501') return known ? 403 : 401;
  const [, status = 400] = ofPrefixes.find(([prefix]) => code.startsWith(prefix)) ?? [];
  return status;
}

const ofPrefixes: readonly (readonly [string, number])[] = [
  ['23503', 409],
  ['23505', 409],
  ['25006', 405],
  ['53400', 500],
  ['P0001', 400],
  ['42883', 404],
  ['42P01', 404],
  ['42P17', 500],
  ['08', 503],
  ['0L', 403],
  ['0P', 403],
  ['28', 403],
  ['53', 503],
  ...['09', '25', '2D', '38', '39', '3B', '40', '54', '55', '57', '58', 'F0', 'HV', 'P0', 'XX'].map(
    (prefix) => [prefix, 500] as const,
  ),
];
