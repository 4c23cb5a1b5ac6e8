/** Every function call of a PostgreSQL parse tree. */
import type { FuncCall, RawStmt } from 'libpg-query';
import { scanMentions } from './scan-mentions.js';
import type { FunctionMention } from './statement-reading.js';

/** In text order. A DO block, whose body is a string to the grammar, gives the names that its text calls. */
export function treeMentions(
  statements: readonly RawStmt[],
  toCharacter: (byteOffset: number) => number,
): readonly FunctionMention[] {
  const mentions: FunctionMention[] = [];
  visit(statements, (kind, node) => {
    if (kind === 'FuncCall' || kind === 'funccall') mentions.push(mentionOf(node, toCharacter));
    if (kind === 'DoStmt') for (const body of doBodies(node)) mentions.push(...scanMentions(body));
  });
  return mentions.sort((a, b) => a.offset - b.offset);
}

/** The (qualified) name of a call with its place. */
export function mentionOf(call: FuncCall, toCharacter: (byteOffset: number) => number): FunctionMention {
  const parts = (call.funcname ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  return {
    schema: parts.length > 1 ? (parts[parts.length - 2] ?? null) : null,
    name: parts[parts.length - 1] ?? '',
    offset: toCharacter(call.location ?? 0),
  };
}

/** Calls `found` with each keyed object of the tree, outer before inner. */
export function visit(node: unknown, found: (kind: string, value: object) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  for (const [kind, value] of Object.entries<unknown>({ ...node })) {
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) found(kind, value);
    visit(value, found);
  }
}

function doBodies(node: object): readonly string[] {
  const bodies: string[] = [];
  visit(node, (kind, value) => {
    if (kind === 'String' && 'sval' in value && typeof value.sval === 'string') bodies.push(value.sval);
  });
  return bodies;
}
