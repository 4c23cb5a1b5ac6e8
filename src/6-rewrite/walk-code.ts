/** Facts about a tree of code that placing needs: its arguments in order, its own bindings, its form without types. */
import type { Code, Line } from '../5-translate/code.js';

export interface ArgumentPlace {
  readonly position: number;
  /** Inside a function, which may run later, again, or without `await` being allowed. */
  readonly deferred: boolean;
}

/** Occurrences of input arguments in the order in which the text evaluates them. */
export function argumentPlaces(code: Code): readonly ArgumentPlace[] {
  const places: ArgumentPlace[] = [];
  walk(code, false, (node, deferred) => {
    if (node.kind === 'argument') places.push({ position: node.position, deferred });
  });
  return places;
}

/** Whether a function that returns the code has to be async. */
export function awaits(code: Code): boolean {
  let found = false;
  walk(code, false, (node, deferred) => {
    if (node.kind === 'await' && !deferred) found = true;
  });
  return found;
}

/** Does it check an argument while it is built, so that it throws and gives no promise that rejects? */
export function checksAtOnce(code: Code): boolean {
  let found = false;
  walk(code, false, (node, deferred) => {
    if (deferred || node.kind !== 'call' || node.callee.kind !== 'routine') return;
    const { module, name } = node.callee;
    if (module === 'support' && name !== 'evaluate') found = true;
  });
  return found;
}

/** Names that the code binds itself: parameters of its functions and variables of its blocks. */
export function ownBindings(code: Code): ReadonlySet<string> {
  return bindings([code]);
}

/** Names that the statements of a generated function bind. */
export function bindingsOfLines(lines: readonly Line[]): ReadonlySet<string> {
  return bindings(lines);
}

function bindings(nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (text: string): void => {
    for (const name of text.match(/[A-Za-z_$][\w$]*/g) ?? []) names.add(name);
  };
  for (const root of nodes) {
    walk(root, false, (node) => {
      if (node.kind === 'arrow') node.parameters.forEach(add);
      if (node.kind === 'const') add(node.pattern);
      if (node.kind === 'let') add(node.name);
      if (node.kind === 'for-of') add(node.binding);
      if (node.kind === 'for') add(node.name);
      if (node.kind === 'written') node.binds.forEach(add);
    });
  }
  return names;
}

/** The same code for a JavaScript file: no type arguments, no `as`. */
export function withoutTypes(code: Code): Code {
  return strip(code) as Code;
}

type Node = Code | Line;

function walk(node: Node, deferred: boolean, visit: (node: Node, deferred: boolean) => void): void {
  visit(node, deferred);
  const inner = deferred || node.kind === 'arrow' || (node.kind === 'written' && node.form === 'function');
  for (const value of Object.values(node)) walkValue(value, inner, visit);
}

function walkValue(value: unknown, deferred: boolean, visit: (node: Node, deferred: boolean) => void): void {
  if (Array.isArray(value)) for (const item of value) walkValue(item, deferred, visit);
  else if (typeof value === 'object' && value !== null) walk(value as Node, deferred, visit);
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Node;
  if (node.kind === 'as' || node.kind === 'non-null') return strip(node.value);
  const entries = Object.entries(node).filter(([key]) => key !== 'typeArguments');
  const copy = Object.fromEntries(entries.map(([key, one]) => [key, strip(one)]));
  if (node.kind === 'sql' || node.kind === 'let') return { ...copy, type: null };
  return copy;
}
