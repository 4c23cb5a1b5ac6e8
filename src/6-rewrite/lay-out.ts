/**
 * Lays out a new expression as the formatter would inside its statement, and gives only the expression's text:
 * the rest of the statement stays byte for byte.
 */
import { format } from 'prettier';
import { ts } from 'ts-morph';
import type { FileStyle } from './file-style.js';
import { indentStatements, isStatementPiece } from './statement-templates.js';

export interface Placement {
  /** Text of the statement before the expression, and after it, once other edits are applied. */
  readonly before: string;
  readonly after: string;
  /** White space at the start of the statement's first line. */
  readonly statementIndent: string;
  /** White space at the start of the line on which the expression begins. */
  readonly lineIndent: string;
  readonly jsx: boolean;
}

/**
 * Gives the laid-out text with `\n` line breaks, indented for its place; on one line as it came when the
 * formatter cannot read the statement.
 */
export async function layOut(expression: string, placement: Placement, style: FileStyle): Promise<string> {
  const statement = placement.before + expression + placement.after;
  const start = placement.before.length;
  const inContext = await layOutWithin(statement, start, start + expression.length, placement, style);
  if (inContext !== null) return inContext;
  const alone = `_ = ${expression};`;
  return (
    (await layOutWithin(
      alone,
      4,
      4 + expression.length,
      { ...placement, lineIndent: placement.statementIndent },
      style,
    )) ?? expression
  );
}

/** Formats a whole new file or a run of statements. */
export async function formatText(text: string, style: FileStyle): Promise<string> {
  return indentStatements(await format(text, formatOptions(style, style.printWidth)), false, style);
}

const opening = 'async function* _() {\n';

async function layOutWithin(
  statement: string,
  start: number,
  end: number,
  placement: Placement,
  style: FileStyle,
): Promise<string | null> {
  const dummy = `${opening}${statement}\n}\n`;
  const depth = width(placement.statementIndent, style) - style.tabWidth;
  let formatted: string;
  try {
    const options = formatOptions(style, Math.max(40, style.printWidth - depth));
    formatted = indentStatements(await format(dummy, options), placement.jsx, style);
  } catch {
    return null;
  }
  const source = parse(dummy, placement.jsx);
  const node = nodeAt(source, opening.length + start, opening.length + end);
  if (node === null) return null;
  const result = parse(formatted, placement.jsx);
  const found = follow(result, pathTo(node));
  if (found === null || found.kind !== node.kind || significant(found, result) !== significant(node, source))
    return null;
  // Parentheses that only hold a broken expression together are part of its layout.
  const { parent } = found;
  const held = ts.isParenthesizedExpression(parent) && formatted[parent.getStart(result) + 1] === '\n';
  const span = held ? parent : found;
  return indent(formatted, span.getStart(result), span.end, result, placement.lineIndent, style);
}

function formatOptions(style: FileStyle, printWidth: number): object {
  return {
    ...style,
    printWidth,
    parser: 'typescript',
    endOfLine: 'lf',
    embeddedLanguageFormatting: 'off',
    plugins: [],
  };
}

function parse(text: string, jsx: boolean): ts.SourceFile {
  return ts.createSourceFile(
    'a.ts',
    text,
    ts.ScriptTarget.Latest,
    true,
    jsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
}

/** The outermost expression that has exactly this span, without its own parentheses. */
function nodeAt(source: ts.SourceFile, start: number, end: number): ts.Node | null {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node.getStart(source) === start && node.end === end && ts.isExpression(node)) return node;
    return ts.forEachChild(node, (child) =>
      child.pos <= start && end <= child.end ? find(child) : undefined,
    );
  };
  const found = find(source);
  return found === undefined ? null : bare(found);
}

function bare(node: ts.Node): ts.Node {
  return ts.isParenthesizedExpression(node) ? bare(node.expression) : node;
}

/** Child positions from the root; parentheses are passed through, since the formatter adds and removes them. */
function pathTo(node: ts.Node): readonly number[] {
  const path: number[] = [];
  for (let at = node; at.parent; at = at.parent) {
    if (ts.isParenthesizedExpression(at.parent)) continue;
    path.unshift(children(at.parent).findIndex((child) => bare(child) === bare(at)));
  }
  return path;
}

function follow(root: ts.Node, path: readonly number[]): ts.Node | null {
  let node: ts.Node = root;
  for (const index of path) {
    const child = children(node)[index];
    if (child === undefined) return null;
    node = bare(child);
  }
  return node;
}

function children(node: ts.Node): readonly ts.Node[] {
  const list: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    list.push(child);
  });
  return list;
}

/** The text without what a formatter may change: white space, parentheses, commas, semicolons, quotes. */
function significant(node: ts.Node, source: ts.SourceFile): string {
  return node.getText(source).replace(/[\s(),;'"\\]/g, '');
}

function indent(
  text: string,
  start: number,
  end: number,
  source: ts.SourceFile,
  lineIndent: string,
  style: FileStyle,
): string {
  const own = width(indentAt(text, start), style);
  const frozen = templateLines(source);
  const target = width(lineIndent, style);
  let offset = start;
  return text
    .slice(start, end)
    .split('\n')
    .map((line, index) => {
      const lineStart = offset;
      offset += line.length + 1;
      if (index === 0 || line.trim() === '' || frozen(lineStart)) return line;
      const blank = /^[ \t]*/.exec(line)?.[0] ?? '';
      const columns = Math.max(0, target + width(blank, style) - own);
      return blankOf(columns, lineIndent, style) + line.slice(blank.length);
    })
    .join('\n');
}

/** White space at the start of the line that holds the offset. */
export function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
}

function width(blank: string, style: FileStyle): number {
  return [...blank].reduce((sum, char) => sum + (char === '\t' ? style.tabWidth : 1), 0);
}

function blankOf(columns: number, lineIndent: string, style: FileStyle): string {
  if (!style.useTabs && !lineIndent.includes('\t')) return ' '.repeat(columns);
  return '\t'.repeat(Math.floor(columns / style.tabWidth)) + ' '.repeat(columns % style.tabWidth);
}

/** Lines that begin inside a template literal are text, not layout, except those of a whole statement. */
function templateLines(source: ts.SourceFile): (lineStart: number) => boolean {
  const spans: { start: number; end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isNoSubstitutionTemplateLiteral(node) ||
        ts.isTemplateHead(node) ||
        ts.isTemplateMiddle(node) ||
        ts.isTemplateTail(node)) &&
      !isStatementPiece(node)
    ) {
      spans.push({ start: node.getStart(source), end: node.end });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return (lineStart) => spans.some((span) => span.start < lineStart && lineStart <= span.end);
}
