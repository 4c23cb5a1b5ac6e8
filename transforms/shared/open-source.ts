/**
 * One file under a transform: found with jscodeshift, changed by ranges of text, so that no byte outside a change
 * moves. A transform says where it was asked to look, what it changed, and what it left with the reason.
 */
import jscodeshift, {
  type API,
  type ASTNode,
  type Collection,
  type FileInfo,
  type Options,
} from 'jscodeshift';
import getParser from 'jscodeshift/src/getParser.js';

/** Where something was found, by who knows types; line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Source {
  readonly text: string;
  readonly path: string;
  readonly root: Collection;
  /** The line ending of the file. */
  readonly eol: string;
  /** True when places were given: what stands there is known by its type. */
  readonly known: boolean;
  /** Without places every node is asked for. Null: not this one. */
  asked(node: ASTNode): Place | null;
  textOf(node: ASTNode): string;
  /** All of the edits or, where they meet an earlier change, none. */
  change(node: ASTNode, edits: readonly Edit[]): void;
  leave(node: ASTNode, reason: string): void;
  /** The new text, or undefined when nothing changed. */
  result(): string | undefined;
}

/** `options.places` restricts the transform to what starts there. Throws what the parser throws. */
export function openSource(file: FileInfo, api: Partial<API>, options: Options = {}): Source {
  const text = file.source;
  const tree = getParser(/x$/.test(file.path) ? 'tsx' : 'ts').parse(text) as ASTNode;
  const places = options['places'] as readonly Place[] | undefined;
  const lines = lineStarts(text);
  const edits: Edit[] = [];
  const lineOf = (position: number): number => lines.findLastIndex((start) => start <= position) + 1;
  const leave = (node: ASTNode, reason: string): void =>
    api.report?.(`line ${lineOf(rangeOf(node).start)} is left: ${reason}`);
  return {
    text,
    path: file.path,
    root: jscodeshift(tree),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    known: places !== undefined,
    asked(node) {
      const { start } = rangeOf(node);
      if (places === undefined) return { line: lineOf(start), column: 0 };
      return places.find(({ line, column }) => (lines[line - 1] ?? -1) + column - 1 === start) ?? null;
    },
    textOf: (node) => text.slice(rangeOf(node).start, rangeOf(node).end),
    change(node, wanted) {
      if (wanted.some((edit) => edits.some((other) => meets(edit, other))))
        leave(node, 'it meets another change; run the transform once more');
      else edits.push(...wanted);
    },
    leave,
    result: () => (edits.length === 0 ? undefined : apply(text, edits)),
  };
}

export function rangeOf(node: ASTNode): { readonly start: number; readonly end: number } {
  return node as unknown as { readonly start: number; readonly end: number };
}

export function replace(node: ASTNode, text: string): Edit {
  return { ...rangeOf(node), text };
}

export function insert(at: number, text: string): Edit {
  return { start: at, end: at, text };
}

/** Two insertions at one place keep their order. */
function meets(a: Edit, b: Edit): boolean {
  if (a.start === a.end && b.start === b.end) return false;
  return a.start < b.end && b.start < a.end;
}

function apply(text: string, edits: readonly Edit[]): string {
  let out = text;
  for (const { start, end, text: fresh } of edits
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .reverse())
    out = out.slice(0, start) + fresh + out.slice(end);
  return out;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r|\u2028|\u2029/g)].map((one) => one.index + one[0].length)];
}
