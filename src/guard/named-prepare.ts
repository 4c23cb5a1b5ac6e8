/** A named prepared statement through a transaction-mode pooler. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import { referencesOf } from '../source/references.js';
import type { Problem, Rule } from './finding.js';
import { clientOf } from './facts/clients.js';
import {
  constructionsIn,
  isPoolerUrl,
  madeBy,
  optionValue,
  type Construction,
} from './facts/constructions.js';
import { calledName, receiverOf } from './facts/fate.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { sentIn } from './facts/senders.js';

export const namedPrepare: Rule = {
  id: 'named-prepare',
  severity: 'error',
  title: 'A named prepared statement goes through a transaction-mode pooler',
  *check({ file, facts }): Iterable<Problem> {
    for (const call of nodesOf(facts, file).calls) {
      if (calledName(call) !== 'prepare' || call.arguments.length === 0) continue;
      const client = clientOfChain(facts, call);
      const made = client === null ? null : madeBy(facts, client);
      if (made === null || !isPoolerUrl(facts, made) || isUnprepared(facts, made)) continue;
      yield {
        node: ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call,
        message,
        help,
      };
    }
    for (const sent of sentIn(facts, file)) {
      if (sent.name === null || !ts.isCallExpression(sent.node)) continue;
      const receiver = receiverOf(sent.node);
      const made = receiver === null ? null : madeBy(facts, receiver);
      if (made !== null && isPoolerUrl(facts, made)) yield { node: sent.name, message, help };
    }
    for (const construction of constructionsIn(facts, file)) {
      if (construction.kind !== 'postgres' || !isPoolerUrl(facts, construction)) continue;
      if (isUnprepared(facts, construction) || !isUsedByTag(facts, construction)) continue;
      yield { node: construction.node, message: messageOfTag, help: helpOfTag };
    }
  },
};

/** The database at the start of `db.select().from(t).prepare('name')`. */
function clientOfChain(facts: ProgramFacts, call: ts.CallExpression): ts.Expression | null {
  for (let at: ts.Expression | null = receiverOf(call); at !== null;) {
    const inner: ts.Expression = unwrap(at);
    const kind = clientOf(facts, inner);
    if (kind !== null) return kind === 'drizzle' ? inner : null;
    at = ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner) ? inner.expression : null;
  }
  return null;
}

function isUnprepared(facts: ProgramFacts, { kind, options }: Construction): boolean {
  if (options === 'unseen') return true;
  if (kind !== 'postgres' || options === null) return false;
  const prepare = optionValue(facts, options, 'prepare');
  return prepare !== null && prepare.kind !== ts.SyntaxKind.TrueKeyword;
}

/** Drizzle never prepares on its own: only the client's own templates do. */
function isUsedByTag(facts: ProgramFacts, { node }: Construction): boolean {
  const { parent } = node;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const { references, exported } = referencesOf(facts.checker, parent.name);
  const tagged = references.some(
    (one) => ts.isTaggedTemplateExpression(one.parent) && one.parent.tag === one,
  );
  const given = references.some(
    (one) => ts.isCallExpression(one.parent) || ts.isPropertyAssignment(one.parent),
  );
  return tagged || (exported && !given);
}

const message =
  "A transaction-mode pooler gives the next call another server connection: the statement exists there already (42P05), does not exist (26000), or is another service's statement of the same name, which then runs instead.";
const help =
  'Leave the name away: an unnamed statement works through the pooler. Or use a direct connection for this client.';
const messageOfTag =
  'postgres.js prepares every template by default: through a transaction-mode pooler calls never settle, and jsonb parameters are encoded twice after a retry.';
const helpOfTag = 'Add `prepare: false` to the options.';
