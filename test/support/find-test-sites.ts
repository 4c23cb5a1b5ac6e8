/** Resolved sites for tests of result use, found by the shape of their syntax alone. */
import { ts } from 'ts-morph';
import type { CallSite, Hole } from '../../src/2-find/call-site.js';
import type { ResolvedSite } from '../../src/2-find/resolved-site.js';

/** Every `.execute(…)`, `.query(…)` and `` pg`…` `` in a text, as a site that calls `f`. */
export function findTestSites(path: string, text: string): readonly ResolvedSite[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const sites: ResolvedSite[] = [];
  const visit = (node: ts.Node): void => {
    const sender = senderOf(node);
    if (sender) sites.push(resolved(path, node, sender, sites.length));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return sites;
}

interface Sender {
  readonly form: 'execute' | 'query' | 'tag';
  readonly receiver: ts.Node;
}

function senderOf(node: ts.Node): Sender | null {
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'pg') {
    return { form: 'tag', receiver: node.tag };
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const { name, expression } = node.expression;
  return name.text === 'execute' || name.text === 'query' ? { form: name.text, receiver: expression } : null;
}

function resolved(path: string, node: ts.Node, { form, receiver }: Sender, index: number): ResolvedSite {
  const call: ResolvedSite['call'] = {
    schema: null,
    name: 'f',
    form: /CALL/.test(node.getText()) ? 'call' : 'scalar',
    arguments: [],
    columns: null,
    scalarKey: 'f',
  };
  const site: CallSite = {
    id: `${path}:${index}`,
    file: path,
    line: 1,
    column: 1,
    span: { start: node.getStart(), end: node.end },
    kind: form === 'query' ? 'query' : 'execute',
    sender: { form, receiver: spanOf(receiver), receiverText: receiver.getText() },
    statement: { text: 'SELECT f()', holes: holesOf(node) },
    call,
    routineName: 'f',
    refusal: null,
  };
  const routine = { name: 'f' } as ResolvedSite['routine'];
  return { site, call, routine, bindings: [], output: { columns: [], shape: 'scalar' } };
}

function holesOf(node: ts.Node): readonly Hole[] {
  const holes: Hole[] = [];
  const visit = (inner: ts.Node): void => {
    if (!ts.isTemplateSpan(inner)) return ts.forEachChild(inner, visit);
    const { expression } = inner;
    holes.push({ index: holes.length + 1, span: spanOf(expression), expression: expression.getText() });
  };
  visit(node);
  return holes;
}

function spanOf(node: ts.Node): { readonly start: number; readonly end: number } {
  return { start: node.getStart(), end: node.end };
}
