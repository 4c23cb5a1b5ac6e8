/** Session state on a connection that the next statement, or the next client, does not share. */
import { ts } from 'ts-morph';
import type { Problem, Rule } from './finding.js';
import { isTransaction, type ClientKind } from './facts/clients.js';
import {
  constructionsIn,
  isPoolerUrl,
  madeBy,
  optionValue,
  type Construction,
} from './facts/constructions.js';
import { calledName, receiverOf } from './facts/fate.js';
import { clientOf } from './facts/clients.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { sentIn, type SentText } from './facts/senders.js';
import { sqlTextOf } from './facts/sql-text.js';
import { sessionStateIn } from './facts/session-state-sql.js';

export const sessionState: Rule = {
  id: 'session-state',
  severity: 'error',
  title: 'Session state is set on a pooled connection',
  *check({ file, facts }): Iterable<Problem> {
    for (const sent of sentIn(facts, file)) {
      if (!isShared(facts, sent)) continue;
      const text = sqlTextOf(facts, sent.text)?.text ?? '';
      const found = sessionStateIn(text, isTransaction(sent.client));
      if (found !== null) yield { node: sent.node, message: found.message, help: found.help };
    }
    for (const construction of constructionsIn(facts, file)) {
      const { options, kind } = construction;
      if (options === null || options === 'unseen' || !isPoolerUrl(facts, construction)) continue;
      const place = kind === 'postgres' ? optionValue(facts, options, 'connection') : options;
      if (place === null || !ts.isObjectLiteralExpression(place)) continue;
      for (const one of place.properties) {
        const name = one.name?.getText() ?? '';
        const startUp =
          kind === 'postgres' ? name !== 'application_name' && name !== '' : startUpOptions.test(name);
        if (startUp) yield { node: one, message: messageOfOption(name), help: helpOfOption };
      }
    }
    for (const call of nodesOf(facts, file).calls) {
      const receiver = receiverOf(call);
      if (receiver === null || calledName(call) !== 'listen' || clientOf(facts, receiver) !== 'postgres')
        continue;
      const made = madeBy(facts, receiver);
      if (made !== null && isPoolerUrl(facts, made)) yield { node: call, message: listen, help: listenHelp };
    }
  },
};

const startUpOptions =
  /^(?:options|statement_timeout|lock_timeout|idle_in_transaction_session_timeout|search_path)$/;

/** A Client of its own is shared only when its URL names a pooler. */
function isShared(facts: ProgramFacts, sent: SentText): boolean {
  const kind: ClientKind = sent.client;
  if (kind === 'supabase') return false;
  const receiver = ts.isCallExpression(sent.node) ? receiverOf(sent.node) : sent.node.tag;
  if (kind !== 'pg-client') return !isOneClient(facts, receiver);
  const made = receiver === null || sent.wrapped ? null : madeBy(facts, receiver);
  return made !== null && isPoolerUrl(facts, made);
}

/** Drizzle over a Client of its own, and postgres.js with `max: 1`. */
function isOneClient(facts: ProgramFacts, receiver: ts.Expression | null): boolean {
  if (receiver === null) return false;
  const made = madeBy(facts, receiver);
  if (made !== null)
    return (made.kind === 'pg-client' || hasOneConnection(facts, made)) && !isPoolerUrl(facts, made);
  return /\bPglite/.test(facts.checker.typeToString(facts.checker.getTypeAtLocation(receiver)));
}

function hasOneConnection(facts: ProgramFacts, { kind, options }: Construction): boolean {
  if (kind !== 'postgres' || options === null || options === 'unseen') return false;
  return optionValue(facts, options, 'max')?.getText() === '1';
}

function messageOfOption(name: string): string {
  return `\`${name}\` is a startup parameter: the pooler refuses the connection (08P01), or drops the setting in silence, so that it has no effect.`;
}

const helpOfOption =
  'Set it on the server, `ALTER ROLE … SET`, or with `set_config(…, true)` inside each transaction.';
const listen = 'LISTEN through a transaction-mode pooler receives nothing, and there is no error.';
const listenHelp = 'Listen on a client of its own with a direct URL.';
