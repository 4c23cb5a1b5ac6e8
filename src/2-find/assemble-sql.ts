/** Parts of SQL to one text with `$n`, and the words that stand for what is only known at run time. */
import type { ts } from 'ts-morph';
import type { Hole, SqlText } from './call-site.js';
import type { SqlPart } from './sql-parts.js';

export interface AssembledSql {
  readonly text: string;
  readonly holes: readonly Hole[];
  /** `marker` is a word of `text` in the place of pasted text. */
  readonly pasted: readonly { readonly marker: string; readonly expression: string }[];
  /** The text as a person should read it, with `${…}` where text is pasted. */
  readonly shown: SqlText;
  /** Where each piece of `text` is written, in order; null for a hole and for text that is made. */
  readonly pieces: readonly WrittenPiece[];
}

export interface WrittenPiece {
  readonly start: number;
  readonly end: number;
  readonly source: ts.LiteralLikeNode | null;
}

/** `values` are those of `query(text, values)`, null when the values stand in the text. */
export function assembleSql(parts: readonly SqlPart[], values: readonly Hole[] | null): AssembledSql {
  const holes: Hole[] = [];
  const pasted: { marker: string; expression: string }[] = [];
  const pieces: WrittenPiece[] = [];
  let text = '';
  for (const part of parts) {
    const start = text.length;
    if (part.kind === 'text') text += part.text;
    if (part.kind === 'hole') {
      const hole = holeOf(part.node, holes.length + 1);
      holes.push(part.oneParameter === true ? { ...hole, oneParameter: true } : hole);
      text += `$${String(holes.length)}`;
    }
    if (part.kind === 'raw') {
      const marker = `pasted_text_${String(pasted.length)}_`;
      pasted.push({ marker, expression: part.node.getText() });
      text += marker;
    }
    const source = part.kind === 'text' ? (part.source ?? null) : null;
    pieces.push({ start, end: text.length, source });
  }
  const all = values === null ? holes : [...holes, ...values];
  return { text, holes: all, pasted, shown: { text: showPasted(text, pasted), holes: all }, pieces };
}

/** `expression` is what the code has to say to get the value; it is the node's own text unless told. */
export function holeOf(node: ts.Node, index: number, expression = node.getText()): Hole {
  return { index, span: { start: node.getStart(), end: node.end }, expression };
}

/** Puts `${expression}` back in the place of each marker. */
export function showPasted(text: string, pasted: AssembledSql['pasted']): string {
  return pasted.reduce(
    (shown, { marker, expression }) => shown.replaceAll(marker, () => `\${${expression}}`),
    text,
  );
}
