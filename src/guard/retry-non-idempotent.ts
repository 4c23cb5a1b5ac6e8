/** Something that commits is run again after any error. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { startOf } from './facts/builder.js';
import { calleeOf, functionOf } from './facts/callees.js';
import { clientOf, isTransaction } from './facts/clients.js';
import { forEachExecuted } from './facts/executed.js';
import { chainFrom, receiverOf } from './facts/fate.js';
import { packageOfSymbol, symbolOf } from './facts/packages.js';
import { isInside, nodesOf, remember, type FunctionNode, type ProgramFacts } from './facts/program-facts.js';
import { userRoutines } from './facts/routine-calls.js';
import { sentBy, sentByTag } from './facts/senders.js';
import { sqlTextOf } from './facts/sql-text.js';
import { opensTransaction } from './facts/transactions.js';

export const retryNonIdempotent: Rule = {
  id: 'retry-non-idempotent',
  severity: 'error',
  title: 'What commits is run again after any error',
  *check({ file, facts }): Iterable<Problem> {
    const bodies = [...retriedFunctions(facts, file), ...retryLoops(file)];
    for (const body of bodies) {
      for (const node of commitsIn(facts, body)) {
        if (isInside(node, body)) yield { node, message, help };
      }
    }
  },
};

/** Functions handed to something that calls them again: a retry helper of the user's own, or a library. */
function retriedFunctions(facts: ProgramFacts, file: ts.SourceFile): readonly ts.Node[] {
  return nodesOf(facts, file).calls.flatMap((call) => {
    if (call.arguments.some((one) => decides(one.getText()))) return [];
    const callee = calleeOf(facts, call);
    const index = callee === null ? libraryIndex(facts, call) : retriedParameter(facts, callee);
    const argument = index === null ? undefined : call.arguments[index];
    const handed = argument === undefined ? null : functionOf(facts, argument);
    return handed === null || handed.getSourceFile() !== file ? [] : [handed];
  });
}

function libraryIndex(facts: ProgramFacts, call: ts.CallExpression): number | null {
  const from = packageOfSymbol(symbolOf(facts, unwrap(call.expression)));
  return from !== null &&
    /^(?:p-retry|async-retry|retry|ts-retry-promise|exponential-backoff|@lifeomic\/attempt)$/.test(from)
    ? 0
    : null;
}

/** Which errors are tried again is decided somewhere: by an SQLSTATE, or by a function that is asked. */
function decides(text: string): boolean {
  return /40001|40P01|serializ|deadlock|shouldRetry|retryIf|isRetryable|isTransient|retryOn|when:/i.test(
    text,
  );
}

function retriedParameter(facts: ProgramFacts, owner: FunctionNode): number | null {
  return remember<number | null>(facts, 'retried parameter', owner, () => {
    if (decides(owner.getText())) return null;
    const names = owner.parameters.map((one) => one.name.getText());
    for (const body of tryBlocksOfLoops(owner.body)) {
      let found: number | null = null;
      const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
          const index = names.indexOf(node.expression.text);
          if (index >= 0) found ??= index;
        }
        ts.forEachChild(node, visit);
      };
      visit(body);
      if (found !== null) return found;
    }
    return recursiveParameter(owner, names);
  });
}

/** `catch { return retry(work, times - 1) }`. */
function recursiveParameter(owner: FunctionNode, names: readonly string[]): number | null {
  const own =
    owner.name?.getText() ?? (ts.isVariableDeclaration(owner.parent) ? owner.parent.name.getText() : null);
  if (own === null) return null;
  let found: number | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node) && new RegExp(`\\b${own}\\s*\\(`).test(node.block.getText())) {
      const called = names.findIndex((name) =>
        new RegExp(`\\b${name}\\s*\\(`).test(node.parent.tryBlock.getText()),
      );
      if (called >= 0) found = called;
    }
    ts.forEachChild(node, visit);
  };
  visit(owner.body);
  return found;
}

/** Try blocks of loops that go round again when they fail, and leave when they do not. */
function tryBlocksOfLoops(root: ts.Node): readonly ts.Block[] {
  const found: ts.Block[] = [];
  const visit = (node: ts.Node, loop: ts.IterationStatement | null): void => {
    if (ts.isTryStatement(node) && loop !== null && node.catchClause !== undefined && !isEachItem(loop)) {
      const { block } = node.catchClause;
      const last = block.statements.at(-1);
      const stops =
        last !== undefined &&
        (ts.isThrowStatement(last) || ts.isReturnStatement(last) || ts.isBreakStatement(last));
      const leaves =
        /\b(?:return|break)\b/.test(node.tryBlock.getText()) ||
        /\bdone\b|\bsuccess\b|\bok\b/.test(node.tryBlock.getText());
      if (!stops && leaves && !decides(node.catchClause.getText())) found.push(node.tryBlock);
    }
    const next = ts.isIterationStatement(node, false)
      ? node
      : ts.isFunctionLike(node) && node !== root
        ? null
        : loop;
    ts.forEachChild(node, (child) => visit(child, next));
  };
  visit(root, null);
  return found;
}

/** A loop over things does each of them once. */
function isEachItem(loop: ts.IterationStatement): boolean {
  return ts.isForOfStatement(loop) || ts.isForInStatement(loop);
}

function retryLoops(file: ts.SourceFile): readonly ts.Block[] {
  return tryBlocksOfLoops(file);
}

/** The statements and transactions of a body that commit and have no key that makes a second run harmless. */
function commitsIn(facts: ProgramFacts, body: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const look = (node: ts.Node): 'skip' | undefined => {
    if (ts.isTaggedTemplateExpression(node)) {
      const sent = sentByTag(facts, node);
      if (sent !== null && !isTransaction(sent.client) && writes(facts, sent.text)) found.push(node);
      return undefined;
    }
    if (!ts.isCallExpression(node)) return undefined;
    if (opensTransaction(facts, node)) {
      const receiver = receiverOf(node);
      const inner = receiver !== null && isTransaction(clientOf(facts, receiver) ?? 'pg-pool');
      if (!inner && transactionWrites(facts, node)) found.push(node);
      return 'skip';
    }
    if (chainFrom(node) === node) {
      const start = startOf(facts, node, /^(?:insert|update)$/);
      const receiver = start === null ? null : receiverOf(start);
      if (
        start !== null &&
        receiver !== null &&
        !isTransaction(clientOf(facts, receiver) ?? 'pg-pool') &&
        !/\.onConflict/.test(node.getText())
      )
        found.push(node);
    }
    const sent = sentBy(facts, node);
    if (
      sent !== null &&
      !isTransaction(sent.client) &&
      sent.client !== 'pg-client' &&
      sent.client !== 'pg-pool-client' &&
      writes(facts, sent.text)
    )
      found.push(node);
    return undefined;
  };
  forEachExecuted(facts, body, look);
  return found;
}

/** What the transaction's own function writes without a key. */
function transactionWrites(facts: ProgramFacts, call: ts.CallExpression): boolean {
  let wrote = false;
  let keyed = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && chainFrom(node) === node) {
      if (/\.onConflict/.test(node.getText())) keyed = true;
      if (startOf(facts, node, /^(?:insert|update|delete)$/) !== null) wrote = true;
      const sent = sentBy(facts, node);
      if (sent !== null && writes(facts, sent.text)) wrote = true;
    }
    if (ts.isTaggedTemplateExpression(node) && clientOf(facts, node.tag) !== null) {
      if (writes(facts, node)) wrote = true;
      if (/on\s+conflict/i.test(node.getText())) keyed = true;
    }
    ts.forEachChild(node, visit);
  };
  call.arguments.forEach(visit);
  return wrote && !keyed;
}

function writes(facts: ProgramFacts, node: ts.Expression): boolean {
  const built = sqlTextOf(facts, node);
  if (built === null || /on\s+conflict/i.test(built.text)) return false;
  return (
    /^\s*(?:insert|update|merge|call)\b|\bwith\b[\s\S]*\b(?:insert\s+into|update\s+\w+\s+set)\b/i.test(
      built.text,
    ) || userRoutines(built).length > 0
  );
}

const message =
  'After a failure whose answer was lost, or one in what follows the commit, this runs again although it was applied: measured, one call with three retries moved the money four times.';
const help =
  'Give it a key with ON CONFLICT DO NOTHING, or retry only serialization failures and deadlocks (`error.cause.code` 40001, 40P01) and read the result outside the retry.';
