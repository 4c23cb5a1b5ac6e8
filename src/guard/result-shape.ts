/** A result is read in the shape of another driver. */
import { ts } from 'ts-morph';
import { referencesOf } from '../source/references.js';
import type { Problem, Rule } from './finding.js';
import type { ProgramFacts } from './facts/program-facts.js';
import { sentIn, type SentText } from './facts/senders.js';
import { sqlTextOf } from './facts/sql-text.js';

type Shape = 'pg' | 'postgres';

export const resultShape: Rule = {
  id: 'result-shape',
  severity: 'error',
  title: 'A result is read in the shape of another driver',
  *check({ file, facts }): Iterable<Problem> {
    for (const sent of sentIn(facts, file)) {
      const text = sqlTextOf(facts, sent.text)?.text ?? '';
      if (/\(\s*[\w."]+\s*\((?:[^()]|\([^()]*\))*\)\s*\)\s*\.\s*\*/.test(text))
        yield { node: sent.node, message: expanded, help: expandedHelp };
      const shape = sent.wrapped ? null : shapeOf(facts, sent);
      if (shape === null) continue;
      for (const { node, read } of readsOf(facts, sent.node)) {
        const message = judge(shape, read);
        if (message !== null)
          yield { node, message: `${message} ${effect}`, help: shape === 'pg' ? pgHelp : postgresHelp };
      }
    }
  },
};

/** By the type of the result as the driver declares it, whatever is asserted round it. */
function shapeOf(facts: ProgramFacts, { client, node }: SentText): Shape | null {
  if (client.startsWith('pg-')) return 'pg';
  if (client.startsWith('postgres')) return 'postgres';
  if (client === 'supabase') return null;
  const result = facts.checker.getAwaitedType(facts.checker.getTypeAtLocation(node));
  if (result === undefined) return null;
  const name = result.getSymbol()?.name ?? '';
  if (/^(?:QueryResult|NeonHttp\w*|FullQueryResults)$/.test(name)) return 'pg';
  if (/^RowList$/.test(name) || result.aliasSymbol?.name === 'RowList') return 'postgres';
  return facts.checker.isArrayType(result) || result.getProperty('columns') !== undefined ? 'postgres' : null;
}

interface Read {
  readonly node: ts.Node;
  /** `[`: by position, or a member's name. */
  readonly read: string;
}

function readsOf(facts: ProgramFacts, sent: ts.Expression): readonly Read[] {
  const { parent } = sent;
  const chained =
    ts.isPropertyAccessExpression(parent) &&
    parent.name.text === 'execute' &&
    ts.isCallExpression(parent.parent);
  const from = chained ? (parent.parent as ts.Expression) : sent;
  return ts.isAwaitExpression(from.parent) ? readsOfValue(facts, from.parent, 0) : [];
}

function readsOfValue(facts: ProgramFacts, value: ts.Expression, depth: number): readonly Read[] {
  const { parent } = value;
  if (depth > 4) return [];
  if (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent))
    return readsOfValue(facts, parent, depth);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === value)
    return [{ node: parent.name, read: parent.name.text }];
  if (ts.isElementAccessExpression(parent) && parent.expression === value)
    return ts.isStringLiteralLike(parent.argumentExpression)
      ? [{ node: parent, read: parent.argumentExpression.text }]
      : [{ node: parent, read: '[' }];
  if (ts.isVariableDeclaration(parent) && parent.initializer === value)
    return readsOfName(facts, parent.name, depth);
  return [];
}

function readsOfName(facts: ProgramFacts, name: ts.BindingName, depth: number): readonly Read[] {
  if (ts.isArrayBindingPattern(name)) return [{ node: name, read: '[' }];
  if (ts.isObjectBindingPattern(name))
    return name.elements.map((one) => ({ node: one, read: (one.propertyName ?? one.name).getText() }));
  return referencesOf(facts.checker, name).references.flatMap((one) => readsOfValue(facts, one, depth + 1));
}

function judge(shape: Shape, read: string): string | null {
  if (read === 'data' || read === 'error')
    return `The result has no \`${read}\`: that is supabase-js. A failure is thrown.`;
  if (shape === 'pg' && read === '[')
    return 'The result of node-postgres is an object with `rows`, not a list.';
  if (shape === 'postgres' && (read === 'rows' || read === 'rowCount'))
    return `The result of postgres.js is the list of rows itself; it has no \`${read}\`.`;
  return null;
}

const effect = 'The statement has run and committed when this fails, so that a retry runs it again.';
const pgHelp = 'Read `const { rows: [row] } = await …`.';
const postgresHelp = 'Read `const [row] = await …`; the number of rows is `result.count`.';
const expanded =
  '`(f()).*` calls the function once for each column of its result: with three columns a payment was applied three times.';
const expandedHelp = 'Write `SELECT * FROM f(…)`.';
