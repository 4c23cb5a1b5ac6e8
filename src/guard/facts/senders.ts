/** What sends SQL text, and on which client: also through functions of the user's own that pass their text on. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { calleeOf } from './callees.js';
import { clientOf, type ClientKind } from './clients.js';
import { calledName, receiverOf } from './fate.js';
import { functionAround, nodesOf, remember, type FunctionNode, type ProgramFacts } from './program-facts.js';
import { sqlTextOf } from './sql-text.js';

export interface SentText {
  readonly node: ts.CallExpression | ts.TaggedTemplateExpression;
  readonly client: ClientKind;
  /** The text, or a tagged template. */
  readonly text: ts.Expression;
  /** The list of values beside the text. */
  readonly values: ts.Expression | null;
  /** `{ name }` of a pg query config. */
  readonly name: ts.Expression | null;
  /** Sent by a function of the user's own that got the text as an argument. */
  readonly wrapped: boolean;
}

/** What the call sends, or null. */
export function sentBy(facts: ProgramFacts, node: ts.CallExpression): SentText | null {
  return remember(facts, 'sent', node, () => read(facts, node), null);
}

/** Everything of a file that sends SQL text, in source order. */
export function sentIn(facts: ProgramFacts, file: ts.SourceFile): readonly SentText[] {
  return remember(facts, 'sent in', file, () => {
    const { calls, tags } = nodesOf(facts, file);
    return [
      ...calls.flatMap((call) => sentBy(facts, call) ?? []),
      ...tags.flatMap((tag) => sentByTag(facts, tag) ?? []),
    ].sort((a, b) => a.node.getStart() - b.node.getStart());
  });
}

/** A postgres.js template that is not a piece of another one. */
export function sentByTag(facts: ProgramFacts, tag: ts.TaggedTemplateExpression): SentText | null {
  const client = clientOf(facts, tag.tag);
  if (client?.startsWith('postgres') !== true || ts.isTemplateSpan(tag.parent)) return null;
  return { node: tag, client, text: tag, values: null, name: null, wrapped: false };
}

/** Whether what is sent begins like this. */
export function isTransactionCommand(sent: SentText | null, start: RegExp, facts?: ProgramFacts): boolean {
  if (sent === null) return false;
  const text = facts === undefined ? literalText(sent.text) : (sqlTextOf(facts, sent.text)?.text ?? null);
  return text !== null && start.test(text);
}

function literalText(node: ts.Expression): string | null {
  const inner = unwrap(node);
  if (ts.isStringLiteralLike(inner)) return inner.text;
  if (ts.isTaggedTemplateExpression(inner)) return literalText(inner.template);
  return ts.isTemplateExpression(inner) ? inner.head.text : null;
}

function read(facts: ProgramFacts, node: ts.CallExpression): SentText | null {
  const receiver = receiverOf(node);
  const [first, second] = node.arguments;
  if (first === undefined) return null;
  const name = calledName(node);
  // The name first: a type costs more.
  const named = receiver !== null && (name === 'execute' || name === 'unsafe' || name === 'query');
  const client = named ? clientOf(facts, receiver) : null;
  const sent = { node, values: null, name: null, wrapped: false };
  if (client !== null) {
    if (name === 'execute' && client.startsWith('drizzle')) return { ...sent, client, text: first };
    if (name === 'unsafe' && client.startsWith('postgres'))
      return { ...sent, client, text: first, values: second ?? null };
    if (name === 'query' && client.startsWith('pg-')) {
      const config = unwrap(first);
      if (ts.isObjectLiteralExpression(config)) {
        const text = property(config, 'text');
        if (text === null) return null;
        return { ...sent, client, text, values: property(config, 'values'), name: property(config, 'name') };
      }
      return { ...sent, client, text: first, values: second ?? null };
    }
  }
  return readWrapper(facts, node);
}

function readWrapper(facts: ProgramFacts, node: ts.CallExpression): SentText | null {
  const callee = calleeOf(facts, node);
  if (callee === null) return null;
  const passed = passedOn(facts, callee);
  const text = passed === null ? undefined : node.arguments[passed.index];
  if (passed === null || text === undefined) return null;
  return { node, client: passed.client, text, values: null, name: null, wrapped: true };
}

/** The parameter that a function sends as SQL text, and the client that it sends it on. */
function passedOn(
  facts: ProgramFacts,
  owner: FunctionNode,
): { readonly index: number; readonly client: ClientKind } | null {
  return remember<{ index: number; client: ClientKind } | null>(
    facts,
    'passed on',
    owner,
    () => {
      const names = new Map<string, number>();
      owner.parameters.forEach((one, index) => {
        if (ts.isIdentifier(one.name)) names.set(one.name.text, index);
      });
      if (names.size === 0) return null;
      let found: { index: number; client: ClientKind } | null = null;
      const visit = (node: ts.Node): void => {
        if (found !== null) return;
        if (ts.isCallExpression(node) && hands(node, names) && functionAround(node) === owner) {
          const sent = sentBy(facts, node);
          const text = sent === null ? null : bareText(sent.text);
          const index = text === null ? undefined : names.get(text);
          if (sent !== null && index !== undefined) found = { index, client: sent.client };
        }
        ts.forEachChild(node, visit);
      };
      visit(owner.body);
      return found;
    },
    null,
  );
}

/** Whether an argument, or the text in one, is one of the names: nothing else can be passed on. */
function hands(call: ts.CallExpression, names: ReadonlyMap<string, number>): boolean {
  return call.arguments.some((argument) => {
    const inner = unwrap(argument);
    const text = ts.isObjectLiteralExpression(inner) ? property(inner, 'text') : inner;
    return text !== null && names.has(bareText(text) ?? '');
  });
}

/** The name that is sent: itself, or inside `sql.raw(name)`. */
function bareText(node: ts.Expression): string | null {
  const inner = unwrap(node);
  if (ts.isIdentifier(inner)) return inner.text;
  const raw = ts.isCallExpression(inner) && calledName(inner) === 'raw' ? inner.arguments[0] : undefined;
  return raw === undefined ? null : bareText(raw);
}

/** The value of a property that is written in an object literal. */
export function property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | null {
  for (const one of object.properties) {
    if (ts.isShorthandPropertyAssignment(one) && one.name.text === name) return one.name;
    if (!ts.isPropertyAssignment(one)) continue;
    const key = one.name;
    if ((ts.isIdentifier(key) || ts.isStringLiteralLike(key)) && key.text === name) return one.initializer;
  }
  return null;
}
