/**
 * What an argument that is a constant at the site decides already: `p_status IS NULL` is true where the call
 * gives NULL or leaves a parameter with DEFAULT NULL out, and takes its side of an OR or AND with it.
 */
import type { Expression } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import type { ArgumentSource } from './arguments.js';

type Sources = ReadonlyMap<number, ArgumentSource>;

/** The statement as it is when nothing is decided. */
export function foldArguments(statement: Statement, sources: Sources): Statement {
  return [...sources.values()].some(({ kind }) => kind === 'constant')
    ? (folded(statement, sources) as Statement)
    : statement;
}

function folded(node: unknown, sources: Sources): unknown {
  if (Array.isArray(node)) {
    const items = node.map((item) => folded(item, sources));
    return items.every((item, index) => item === node[index]) ? node : items;
  }
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, folded(value, sources)] as const);
  const changed = entries.some(([key, value]) => value !== (node as Record<string, unknown>)[key]);
  const inner = changed ? withoutTrueWhere(Object.fromEntries(entries)) : node;
  return decided(inner as Expression, sources) ?? inner;
}

function decided(node: Expression, sources: Sources): Expression | null {
  switch (node.kind) {
    case 'null-test': {
      const { operand } = node;
      const source = operand.kind === 'parameter' ? sources.get(operand.position) : undefined;
      if (source?.kind !== 'constant') return null;
      return truth((source.value.kind === 'null') !== node.negated);
    }
    case 'or':
    case 'and': {
      const ending = node.kind === 'or' ? 'true' : 'false';
      if (node.operands.some((operand) => isTruth(operand, ending))) return truth(ending === 'true');
      const neutral = node.kind === 'or' ? 'false' : 'true';
      const rest = node.operands.filter((operand) => !isTruth(operand, neutral));
      if (rest.length === node.operands.length) return null;
      return rest.length > 1 ? { ...node, operands: rest } : (rest[0] ?? truth(neutral === 'true'));
    }
    default:
      return null;
  }
}

/** `WHERE true` is no condition. */
function withoutTrueWhere(node: Readonly<Record<string, unknown>>): unknown {
  return isTruth(node['where'], 'true') ? { ...node, where: null } : node;
}

function truth(value: boolean): Expression {
  return { kind: 'literal', literal: 'boolean', text: String(value), type: 16 };
}

function isTruth(node: unknown, text: 'true' | 'false'): boolean {
  const literal = node as Partial<Expression> | null | undefined;
  return literal?.kind === 'literal' && literal.literal === 'boolean' && literal.text === text;
}
