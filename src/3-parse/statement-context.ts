/** What the builders of one statement share: its text, its names, and what is to be asked of PostgreSQL. */
import type { Node } from '../sql/parse-body.js';
import type { Token } from '../sql/parse-body-tokens.js';
import type { Expression, ParameterReference, VariableReference } from './expression.js';
import type { NameLookup } from './name-lookup.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A parameter or variable at one place of the text. Describe fills `inferred` of its node in. */
export interface Occurrence {
  /** Byte offsets in the statement's text. */
  readonly start: number;
  readonly end: number;
  readonly node: Writable<ParameterReference> | Writable<VariableReference>;
}

/** Text that Describe needs at a byte offset because the login's search path is another. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Names of a routine's parameters and variables, seen from one place of its body. */
export interface RoutineNames {
  /** What wins where a name is a column too. */
  readonly conflict: 'column' | 'variable' | 'error';
  /** null: no parameter or variable of that name. The node is a new one at every call. */
  resolve(fields: readonly string[]): Occurrence['node'] | Expression | null;
  /** `$n`; null when there is no such parameter. */
  positional(number: number): Occurrence['node'] | null;
}

export interface StatementContext {
  readonly lookup: NameLookup;
  readonly names: RoutineNames;
  /** The parsed text; locations count from its start. */
  readonly text: string;
  readonly bytes: Buffer;
  readonly tokens: readonly Token[];
  readonly occurrences: Occurrence[];
  readonly insertions: Insertion[];
  /** Sentences on why PostgreSQL refuses the statement. */
  readonly errors: string[];
  /** Something in the statement was not resolved, so that a failing Describe proves nothing. */
  incomplete: boolean;
  nextRange: number;
  /** The login's own lookup, when its search path is not the routine's. */
  readonly loginLookup: NameLookup | null;
}

/** Counts ids from 1; they are unique in a statement. */
export function newRange(context: StatementContext): number {
  return context.nextRange++;
}

/** An expression that the tree cannot hold. Names in it are still found, so that Describe can be asked. */
export function unsupported(
  context: StatementContext,
  construct: string,
  node: Node | null,
  location?: number,
): Expression {
  context.incomplete = true;
  const start = location ?? (node ? locationOf(node) : null);
  return {
    kind: 'unsupported',
    construct,
    sql: start === null ? context.text : sourceFrom(context, start),
    type: null,
  };
}

/** Text of the expression that starts at a byte offset: up to the comma, keyword or bracket that ends it. */
export function sourceFrom(context: StatementContext, start: number): string {
  let depth = 0;
  let end = start;
  for (const token of context.tokens) {
    if (token.start < start) continue;
    if (
      depth === 0 &&
      (/^[,;)\]]$/.test(token.text) || (token.kind === 'keyword' && ENDING.test(token.text)))
    )
      break;
    if (/^[([]$/.test(token.text)) depth += 1;
    if (/^[)\]]$/.test(token.text)) depth -= 1;
    end = token.end;
  }
  return context.bytes.subarray(start, end).toString();
}

const ENDING =
  /^(as|from|where|group|having|order|limit|offset|returning|union|except|intersect|for|then|when|else|end|and|or|on)$/i;

/** The smallest location in a node, which is where its text starts; null: it has none. */
export function locationOf(node: unknown): number | null {
  let least: number | null = null;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'location' && typeof inner === 'number' && inner >= 0)
        least = least === null ? inner : Math.min(least, inner);
      else visit(inner);
    }
  };
  visit(node);
  return least;
}

/** Records a place where a parameter or variable stands and gives the expression for it. */
export function occur(
  context: StatementContext,
  start: number,
  end: number,
  node: Occurrence['node'] | Expression,
): Expression {
  if (node.kind === 'unsupported') context.incomplete = true;
  if (node.kind === 'parameter' || node.kind === 'variable') context.occurrences.push({ start, end, node });
  return node;
}

/** Byte offset at which a dotted name of `parts` parts, starting at `start`, ends. */
export function endOfName(context: StatementContext, start: number, parts: number): number {
  const first = context.tokens.findIndex((token) => token.start === start);
  return context.tokens[first + 2 * (parts - 1)]?.end ?? start;
}
