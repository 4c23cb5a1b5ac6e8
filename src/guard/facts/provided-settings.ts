/** Which settings a transaction sets before a statement of it runs: `request.jwt.claims`, `role`, `app.tenant`. */
import type { ts } from 'ts-morph';
import { calleeOf } from './callees.js';
import { clientOf, isPooled, isTransaction, type ClientKind } from './clients.js';
import { receiverOf } from './fate.js';
import { isInside, nodesOf, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { sentBy, sentByTag } from './senders.js';
import { sqlTextOf } from './sql-text.js';
import { scopesOf } from './transactions.js';

/**
 * Names in lower case. Null when it cannot be told: the transaction comes from a caller, or the client is one that
 * keeps what was set before.
 */
export function providedSettings(
  facts: ProgramFacts,
  node: ts.Node,
  client: ClientKind | null,
): ReadonlySet<string> | null {
  if (client === null) return null;
  if (isPooled(client)) return new Set();
  if (!isTransaction(client)) return null;
  const file = node.getSourceFile();
  const scope = scopesOf(facts, file).find(
    ({ callback, savepoint }) => !savepoint && isInside(node, callback.body),
  );
  if (scope === undefined) return null;
  const names = new Set(settingsIn(facts, scope.callback, node.getStart(), 0));
  const receiver = receiverOf(scope.call);
  const direct = receiver !== null && clientOf(facts, receiver) !== null;
  const wrapper = direct ? null : calleeOf(facts, scope.call);
  if (!direct && wrapper === null) return null;
  if (wrapper !== null) for (const name of settingsIn(facts, wrapper, Infinity, 0)) names.add(name);
  return names;
}

/** What a function sets before a position of its text, through what it calls too. */
function settingsIn(
  facts: ProgramFacts,
  owner: FunctionNode,
  before: number,
  depth: number,
): readonly string[] {
  if (depth > 4) return [];
  const { calls, tags } = nodesOf(facts, owner.getSourceFile());
  const here = (one: ts.Node): boolean => isInside(one, owner.body) && one.getStart() < before;
  const texts = [
    ...calls.filter(here).map((call) => sentBy(facts, call)),
    ...tags.filter(here).map((tag) => sentByTag(facts, tag)),
  ].flatMap((sent) => (sent === null ? [] : [sqlTextOf(facts, sent.text)?.text ?? '']));
  const called = calls.filter(here).flatMap((call) => {
    const callee = calleeOf(facts, call);
    if (callee === null || callee === owner) return [];
    return remember<readonly string[]>(
      facts,
      'settings of a callee',
      callee,
      () => settingsIn(facts, callee, Infinity, depth + 1),
      [],
    );
  });
  return [...texts.flatMap(settingsOfText), ...called];
}

function settingsOfText(text: string): readonly string[] {
  const calls = [...text.matchAll(/\bset_config\s*\(\s*'([^']+)'/gi)].map((match) => match[1] ?? '');
  const sets = [...text.matchAll(/(?:^|;)\s*set\s+(?:local\s+)?("?[\w.]+"?)/gi)].map(
    (match) => match[1] ?? '',
  );
  return [...calls, ...sets].map((name) => name.replaceAll('"', '').toLowerCase());
}
