/** What a routine that a body calls does with the arguments that the body passes. */
import type { Expression } from '../3-parse/expression.js';
import type { Body } from '../3-parse/body.js';
import type { BodyFacts } from './body-facts.js';
import { add, askRows, literalText, meet, type Bodies, type Found } from './found-facts.js';
import type { Ranges } from './ranges.js';
import { sourcesOf } from './variable-sources.js';

type Node = Readonly<Record<string, unknown>>;

/** The body that a call runs, with the other ones that are known, or null. What calls itself is looked at once. */
export function calledBody(
  node: Node,
  bodies: Bodies,
): { readonly body: Body; readonly others: Bodies } | null {
  const oid = Number(node['routine'] ?? 0);
  const body = bodies.get(oid);
  return body === undefined
    ? null
    : { body, others: new Map([...bodies].filter(([other]) => other !== oid)) };
}

/** The tables of the called body, its literals, and what its parameters meet as met by what stands for them. */
export function meetCallee(node: Node, facts: BodyFacts, found: Found, ranges: Ranges): void {
  takeOver(facts, found);
  const passed = node['arguments'] as readonly { readonly name: string | null; readonly value: Expression }[];
  // Named arguments are few; those in order stand for the parameters in order.
  for (const [index, { name, value }] of passed.entries()) {
    if (name === null) meetParameter(value, index + 1, facts, found, ranges);
  }
}

function meetParameter(
  value: Expression,
  position: number,
  facts: BodyFacts,
  found: Found,
  ranges: Ranges,
): void {
  const literals = (facts.parameterLiterals.get(position) ?? []).map(literalText);
  meet([value, ...literals], found, ranges);
  const { parameters, columns } = sourcesOf(value, ranges, found.variables);
  for (const column of facts.parameterColumns.get(position) ?? []) {
    if (value.kind === 'literal') add(found.columnLiterals, column, value.text);
    for (const own of parameters) add(found.parameterColumns, own, column);
    for (const own of columns) {
      add(found.columnLinks, own, column);
      add(found.columnLinks, column, own);
    }
  }
  for (const own of parameters) {
    for (const type of facts.parameterTypes.get(position) ?? []) add(found.parameterTypes, own, type);
    if (facts.patternParameters.includes(position)) found.patternParameters.add(own);
    if (facts.limitParameters.includes(position)) found.limitParameters.add(own);
    if (facts.rangeParameters.includes(position)) found.rangeParameters.add(own);
  }
  if (value.kind === 'literal' && facts.limitParameters.includes(position))
    askRows(found, Number(value.text));
}

function takeOver(facts: BodyFacts, found: Found): void {
  for (const oid of facts.relations) found.relations.add(oid);
  for (const oid of facts.written) found.written.add(oid);
  for (const column of facts.columns) found.columns.add(column);
  for (const column of facts.setColumns) found.setColumns.add(column);
  for (const column of facts.nullTested) found.nullTested.add(column);
  for (const [column, literals] of facts.columnLiterals)
    for (const literal of literals) add(found.columnLiterals, column, literal);
  for (const [column, others] of facts.columnLinks)
    for (const other of others) add(found.columnLinks, column, other);
  found.rowsAsked = Math.max(found.rowsAsked, facts.rowsAsked);
  found.locks ||= facts.locks;
  found.notifies ||= facts.notifies;
}
