/** The places of a file where a statement leaves for the database, as far as its text or its builder shows what it does. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { isDrizzleTag, sqlTextOf } from '../facts/sql-text.js';
import { clientOf, type ClientKind } from '../facts/clients.js';
import { calledName, receiverOf } from '../facts/fate.js';
import { nodesOf, remember, type ProgramFacts } from '../facts/program-facts.js';
import { sentIn } from '../facts/senders.js';
import { builderUses } from './builder-uses.js';
import { readText, type TextReading } from './read-text.js';

export interface DatabaseSite {
  readonly node: ts.Node;
  readonly reading: TextReading;
  /** Null for a piece of SQL whose sender is not seen. */
  readonly client: ClientKind | null;
  readonly form: 'text' | 'builder' | 'rpc';
}

export function databaseSites(facts: ProgramFacts, file: ts.SourceFile): readonly DatabaseSite[] {
  return remember(facts, 'database sites', file, () => {
    const told = new Set<ts.Node>();
    const found: DatabaseSite[] = [];
    for (const sent of sentIn(facts, file)) {
      const built = sqlTextOf(facts, sent.text);
      if (built === null) continue;
      built.tags.forEach((tag) => told.add(tag));
      found.push({ node: sent.node, reading: readText(built.text), client: sent.client, form: 'text' });
    }
    for (const tag of nodesOf(facts, file).tags) {
      if (told.has(tag) || !isDrizzleTag(facts, tag.tag) || isPiece(facts, tag)) continue;
      const built = sqlTextOf(facts, tag);
      if (built === null || !built.text.includes('(')) continue;
      found.push({ node: tag, reading: readText(built.text), client: senderOf(facts, tag), form: 'text' });
    }
    for (const call of nodesOf(facts, file).calls) {
      const rpc = rpcOf(facts, call);
      if (rpc !== null) found.push(rpc);
      const uses = builderUses(facts, call);
      if (uses !== null) found.push({ ...uses, node: call, form: 'builder' });
    }
    return found;
  });
}

/** A piece of a larger template is told with that one; a schema's is run by the database. */
function isPiece(facts: ProgramFacts, tag: ts.TaggedTemplateExpression): boolean {
  const declares = /^(?:default|generatedAlwaysAs|check|index|uniqueIndex|pg\w*(?:Table|View|Policy)|table)$/;
  return (
    ts.findAncestor(
      tag.parent,
      (node) =>
        (ts.isTaggedTemplateExpression(node) && isDrizzleTag(facts, node.tag)) ||
        (ts.isCallExpression(node) && declares.test(calledName(node) ?? '')),
    ) !== undefined
  );
}

/** The client of the builder chain that a fragment stands in, or null. */
function senderOf(facts: ProgramFacts, tag: ts.Node): ClientKind | null {
  for (let node: ts.Node = tag; !ts.isSourceFile(node); node = node.parent) {
    if (ts.isFunctionLike(node)) return null;
    if (!ts.isCallExpression(node)) continue;
    for (let at: ts.Expression | null = node; at !== null; at = next(at)) {
      const kind = clientOf(facts, at);
      if (kind !== null) return kind;
    }
  }
  return null;
}

function next(node: ts.Expression): ts.Expression | null {
  const inner = unwrap(node);
  if (ts.isCallExpression(inner)) return inner.expression;
  return ts.isPropertyAccessExpression(inner) ? inner.expression : null;
}

/** `client.schema('billing').rpc('close', { id })`: PostgREST calls by name. */
function rpcOf(facts: ProgramFacts, call: ts.CallExpression): DatabaseSite | null {
  const receiver = receiverOf(call);
  const [first, given] = call.arguments;
  if (receiver === null || first === undefined || calledName(call) !== 'rpc') return null;
  const name = unwrap(first);
  if (!ts.isStringLiteralLike(name) || clientOf(facts, receiver) !== 'supabase') return null;
  const inner = unwrap(receiver);
  const asked = ts.isCallExpression(inner) && calledName(inner) === 'schema' ? inner.arguments[0] : undefined;
  const schema = asked === undefined ? 'public' : ts.isStringLiteralLike(asked) ? asked.text : null;
  const object = given === undefined ? undefined : unwrap(given);
  if (schema === null || (object !== undefined && !ts.isObjectLiteralExpression(object))) return null;
  const keys = (object?.properties ?? []).map((one) => one.name?.getText().replaceAll(/^['"]|['"]$/g, ''));
  if (keys.includes(undefined)) return null;
  const list = keys.map((key) => `"${(key ?? '').replaceAll('"', '""')}" => $1`).join(', ');
  const text = `SELECT "${schema}"."${name.text.replaceAll('"', '""')}"(${list})`;
  return { node: call, reading: readText(text), client: 'supabase', form: 'rpc' };
}
