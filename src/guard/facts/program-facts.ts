/**
 * What all rules know of a program: the checker, the nodes of a file by kind, and answers that are kept because
 * several rules ask for them. Answers are computed when first asked.
 */
import { ts } from 'ts-morph';
import type { BodyDatabase } from '../bodies/body-database.js';

export interface ProgramFacts {
  readonly checker: ts.TypeChecker;
  /** What the statements reach, when a database was named. */
  readonly database: BodyDatabase | null;
  /** Answers by question and node; see `remember`. */
  readonly answers: Map<string, WeakMap<object, unknown>>;
}

/** The nodes that rules look at, in source order. */
export interface FileNodes {
  readonly calls: readonly ts.CallExpression[];
  readonly tags: readonly ts.TaggedTemplateExpression[];
  readonly news: readonly ts.NewExpression[];
  readonly properties: readonly ts.PropertyAccessExpression[];
  readonly catches: readonly ts.CatchClause[];
  readonly functions: readonly FunctionNode[];
}

export type FunctionNode = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

export function programFacts(checker: ts.TypeChecker, database: BodyDatabase | null = null): ProgramFacts {
  return { checker, database, answers: new Map() };
}

/** The answer to a question about a node, computed once. `whileAsking` is given when the question needs itself. */
export function remember<Answer>(
  facts: ProgramFacts,
  question: string,
  node: object,
  compute: () => Answer,
  whileAsking?: Answer,
): Answer {
  let known = facts.answers.get(question);
  if (known === undefined) facts.answers.set(question, (known = new WeakMap()));
  if (known.has(node)) return known.get(node) as Answer;
  if (whileAsking !== undefined) known.set(node, whileAsking);
  const answer = compute();
  known.set(node, answer);
  return answer;
}

export function nodesOf(facts: ProgramFacts, file: ts.SourceFile): FileNodes {
  return remember(facts, 'nodes', file, () => {
    const calls: ts.CallExpression[] = [];
    const tags: ts.TaggedTemplateExpression[] = [];
    const news: ts.NewExpression[] = [];
    const properties: ts.PropertyAccessExpression[] = [];
    const catches: ts.CatchClause[] = [];
    const functions: FunctionNode[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) calls.push(node);
      else if (ts.isTaggedTemplateExpression(node)) tags.push(node);
      else if (ts.isNewExpression(node)) news.push(node);
      else if (ts.isPropertyAccessExpression(node)) properties.push(node);
      else if (ts.isCatchClause(node)) catches.push(node);
      else if (isFunctionNode(node)) functions.push(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return { calls, tags, news, properties, catches, functions };
  });
}

/** A function that has a body. */
export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** The function whose body holds the node, or null at the top of a module. */
export function functionAround(node: ts.Node): FunctionNode | null {
  return ts.findAncestor(node.parent, isFunctionNode) ?? null;
}

/** Whether `inner` lies in `outer` (or is it). */
export function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && inner.pos >= outer.pos && inner.end <= outer.end;
}
