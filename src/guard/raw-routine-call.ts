/** A routine of the user's, called as text: through SQL or through `.rpc()`. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { clientOf } from './facts/clients.js';
import { calledName, receiverOf } from './facts/fate.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { userRoutines } from './facts/routine-calls.js';
import { sentIn } from './facts/senders.js';
import { isDrizzleTag, sqlTextOf } from './facts/sql-text.js';

export const rawRoutineCall: Rule = {
  id: 'raw-routine-call',
  severity: 'error',
  title: 'A routine of the database is called through text',
  *check({ file, facts }): Iterable<Problem> {
    const told = new Set<ts.Node>();
    for (const sent of sentIn(facts, file)) {
      const text = sqlTextOf(facts, sent.text);
      if (text === null) continue;
      text.tags.forEach((tag) => told.add(tag));
      const [name] = userRoutines(text);
      if (name !== undefined) yield { node: sent.node, message: messageOf(name), help };
    }
    for (const tag of nodesOf(facts, file).tags) {
      if (told.has(tag) || !isDrizzleTag(facts, tag.tag) || isNested(facts, tag) || isSchema(tag)) continue;
      const text = sqlTextOf(facts, tag);
      const [name] = text === null ? [] : userRoutines(text);
      if (name !== undefined) yield { node: tag, message: messageOf(name), help };
    }
    for (const call of nodesOf(facts, file).calls) {
      const receiver = receiverOf(call);
      if (receiver === null || calledName(call) !== 'rpc' || clientOf(facts, receiver) !== 'supabase')
        continue;
      const [first] = call.arguments;
      const name =
        first !== undefined && ts.isStringLiteralLike(unwrap(first))
          ? unwrap(first).getText().slice(1, -1)
          : '${…}';
      yield { node: call, message: messageOf(name), help };
    }
  },
};

function messageOf(name: string): string {
  return (
    `\`${name}\` is called through text: its arguments travel untyped and by position, so that an overload, a swapped ` +
    'argument or a missing grant is only seen when it runs, and its body is hidden from types and review.'
  );
}

const help =
  'Rewrite it as a query with `migrate-rpc --db <source> <paths>`; one that must stay needs named arguments cast to their declared types.';

/** A piece of a larger template is told with that one. */
function isNested(facts: ProgramFacts, tag: ts.TaggedTemplateExpression): boolean {
  const outer = ts.findAncestor(
    tag.parent,
    (node): node is ts.TaggedTemplateExpression =>
      ts.isTaggedTemplateExpression(node) && isDrizzleTag(facts, node.tag),
  );
  return outer !== undefined;
}

/** What a schema declares (a default, a check, an index) is run by the database. */
function isSchema(tag: ts.Node): boolean {
  const declares =
    /^(?:default|generatedAlwaysAs|check|index|uniqueIndex|pg\w*(?:Table|View|Policy|Schema)|table|pgView|pgPolicy|pgTable)$/;
  return (
    ts.findAncestor(tag, (node) => ts.isCallExpression(node) && declares.test(calledName(node) ?? '')) !==
    undefined
  );
}
