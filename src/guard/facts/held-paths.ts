/** Ways out of a function on which something that is held is not given back: a walk over its statements. */
import { ts } from 'ts-morph';

interface Outcome {
  /** Whether the end can be reached, and whether the thing may still be held there. */
  readonly reached: boolean;
  readonly held: boolean;
  /** A way out that leaves it held, as a phrase. */
  readonly returns: boolean;
  readonly throws: boolean;
}

/**
 * From the statement of `start` on. `releases` says whether a node holds the release. Null when every way releases;
 * else the way that does not, as a phrase.
 */
export function findHeldPaths(start: ts.Node, releases: (node: ts.Node) => boolean): string | null {
  let statement = ts.findAncestor(start, (node) => ts.isStatement(node) && isInList(node)) as
    ts.Statement | undefined;
  let outcome: Outcome = { reached: true, held: true, returns: false, throws: false };
  // What follows the checkout in its own block, then what follows that block, up to the function.
  for (; statement !== undefined;) {
    const list = listOf(statement);
    if (list === null) break;
    outcome = sequence(list.slice(list.indexOf(statement) + 1), outcome, releases);
    const block: ts.Node = statement.parent;
    if (ts.isSourceFile(block) || ts.isFunctionLike(block.parent)) break;
    const owner: ts.Node = ts.isCaseOrDefaultClause(block) ? block.parent.parent : block.parent;
    if (ts.isTryStatement(owner)) outcome = afterTry(owner, block, outcome, releases);
    statement = ts.findAncestor(owner, (node) => ts.isStatement(node) && isInList(node)) as
      ts.Statement | undefined;
  }
  if (outcome.throws) return 'A thrown error leaves this client checked out';
  if (outcome.returns) return 'An early return leaves this client checked out';
  return outcome.reached && outcome.held
    ? 'The end of the function is reached without a release of this client'
    : null;
}

/** The rest of a try statement in whose block (or handler) the checkout stands. */
function afterTry(
  owner: ts.TryStatement,
  block: ts.Node,
  inside: Outcome,
  releases: (node: ts.Node) => boolean,
): Outcome {
  let outcome = inside;
  if (block === owner.tryBlock && owner.catchClause !== undefined && inside.throws)
    outcome = merge({ ...inside, throws: false }, caught(owner.catchClause, releases));
  if (owner.finallyBlock !== undefined && releases(owner.finallyBlock))
    return { reached: outcome.reached, held: false, returns: false, throws: false };
  return outcome;
}

function caught(clause: ts.CatchClause, releases: (node: ts.Node) => boolean): Outcome {
  return sequence(
    clause.block.statements,
    { reached: true, held: true, returns: false, throws: false },
    releases,
  );
}

function sequence(
  statements: readonly ts.Statement[],
  from: Outcome,
  releases: (node: ts.Node) => boolean,
): Outcome {
  let outcome = from;
  for (const one of statements) {
    if (!outcome.reached || !outcome.held) return outcome;
    const next = step(one, releases);
    outcome = { ...next, returns: outcome.returns || next.returns, throws: outcome.throws || next.throws };
  }
  return outcome;
}

/** One statement, entered while the thing is held. */
function step(node: ts.Statement, releases: (node: ts.Node) => boolean): Outcome {
  const held: Outcome = { reached: true, held: true, returns: false, throws: false };
  if (ts.isBlock(node)) return sequence(node.statements, held, releases);
  if (ts.isTryStatement(node)) return stepTry(node, releases);
  if (ts.isIfStatement(node)) {
    const before: Outcome = { ...held, throws: awaits(node.expression) };
    const then = sequence([node.thenStatement], held, releases);
    const otherwise =
      node.elseStatement === undefined ? held : sequence([node.elseStatement], held, releases);
    // `if (client) client.release()` releases whatever there is to release.
    if (node.elseStatement === undefined && releases(node.thenStatement) && !then.returns && then.reached)
      return { ...held, held: false };
    return merge(merge(then, otherwise), { ...before, reached: false });
  }
  if (ts.isIterationStatement(node, false)) {
    const body = sequence([node.statement], held, releases);
    return { reached: true, held: true, returns: body.returns, throws: body.throws || awaits(node) };
  }
  if (ts.isSwitchStatement(node)) {
    const clauses = node.caseBlock.clauses.map((one) => sequence(one.statements, held, releases));
    return clauses.reduce((all, one) => merge(all, { ...one, reached: true }), held);
  }
  if (ts.isThrowStatement(node)) return { reached: false, held: true, returns: false, throws: true };
  if (ts.isReturnStatement(node)) {
    const releasing = releases(node);
    return { reached: false, held: !releasing, returns: !releasing, throws: !releasing && awaits(node) };
  }
  if (ts.isBreakOrContinueStatement(node))
    return { reached: false, held: true, returns: false, throws: false };
  if (releases(node)) return { ...held, held: false };
  return { ...held, throws: awaits(node) };
}

function stepTry(node: ts.TryStatement, releases: (node: ts.Node) => boolean): Outcome {
  if (node.finallyBlock !== undefined && releases(node.finallyBlock))
    return { reached: true, held: false, returns: false, throws: false };
  const tried = sequence(
    node.tryBlock.statements,
    { reached: true, held: true, returns: false, throws: false },
    releases,
  );
  if (node.catchClause === undefined) return tried;
  const handled = caught(node.catchClause, releases);
  return merge(
    { ...tried, throws: false },
    tried.throws ? handled : { ...handled, reached: false, returns: false, throws: false },
  );
}

function merge(a: Outcome, b: Outcome): Outcome {
  return {
    reached: a.reached || b.reached,
    held: (a.reached && a.held) || (b.reached && b.held),
    returns: a.returns || b.returns,
    throws: a.throws || b.throws,
  };
}

/** Whether the node waits for something, which may fail; nested functions wait elsewhere. */
function awaits(node: ts.Node): boolean {
  let found = false;
  const visit = (one: ts.Node): void => {
    if (ts.isFunctionLike(one)) return;
    if (ts.isAwaitExpression(one) && !/\.catch\s*\(/.test(one.getText())) found = true;
    ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}

function isInList(node: ts.Node): boolean {
  return listOf(node) !== null;
}

function listOf(node: ts.Node): readonly ts.Statement[] | null {
  const { parent } = node;
  if (
    ts.isBlock(parent) ||
    ts.isSourceFile(parent) ||
    ts.isCaseOrDefaultClause(parent) ||
    ts.isModuleBlock(parent)
  )
    return parent.statements;
  return null;
}
