/** Lines and blanks: what a change needs to look as if its surroundings had been written with it. */
import j, { type ASTNode } from 'jscodeshift';
import { type Edit, rangeOf, type Source } from './open-source.ts';

/** The blanks before the first word of the line. */
export function indentAt({ text }: Source, position: number): string {
  const start = text.lastIndexOf('\n', position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

/** One level: a tab where the line beside has one, else what the first indented line has. */
export function indentUnit({ text }: Source, beside = ''): string {
  if (beside.includes('\t')) return '\t';
  return /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '  ';
}

/** Edits that put one more level before each line from `start` to `end`, but not inside of templates. */
export function indentLines(source: Source, start: number, end: number): Edit[] {
  const unit = indentUnit(source, indentAt(source, start));
  const templates = templatesOf(source);
  const edits: Edit[] = [];
  for (let at = start; at >= 0 && at < end; at = nextLine(source.text, at)) {
    const inTemplate = templates.some((one) => one.start < at && at <= one.end);
    const blank = /^[ \t]*(?:\r?\n|$)/.test(source.text.slice(at, at + 200));
    if (!inTemplate && !blank) edits.push({ start: at, end: at, text: unit });
  }
  return edits;
}

function nextLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? -1 : found + 1;
}

function templatesOf({ root }: Source): readonly { readonly start: number; readonly end: number }[] {
  return root
    .find(j.TemplateElement)
    .nodes()
    .map((node: ASTNode) => rangeOf(node));
}
