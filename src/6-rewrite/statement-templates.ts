/** Templates that hold a whole SQL statement, one clause a line: these lines are layout, not text of a value. */
import { ts } from 'ts-morph';
import { indentUnit, type FileStyle } from './file-style.js';

/**
 * Moves the lines of each such template in by the indentation of the line on which it starts. A formatter
 * leaves what stands in a template alone.
 */
export function indentStatements(text: string, jsx: boolean, style: FileStyle): string {
  const kind = jsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true, kind);
  const step = indentUnit(style);
  const breaks: { readonly at: number; readonly indent: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (isStatementTemplate(node)) {
      const start = text.lastIndexOf('\n', node.getStart(source) - 1) + 1;
      const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
      for (const piece of pieces(node.template)) {
        for (let at = piece.getStart(source); at < piece.end; at += 1)
          if (text[at] === '\n') breaks.push({ at, indent });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return breaks
    .sort((a, b) => b.at - a.at)
    .reduce((result, { at, indent }) => {
      const rest = result.slice(at + 1);
      return `${result.slice(0, at + 1)}${indent}${rest.startsWith('  ') ? step + rest.slice(2) : rest}`;
    }, text);
}

/** The pieces of text of a template that is laid out; see `indentStatements`. */
export function isStatementPiece(node: ts.Node): boolean {
  const template = ts.isNoSubstitutionTemplateLiteral(node)
    ? node
    : ts.isTemplateHead(node)
      ? node.parent
      : node.parent?.parent;
  return template?.parent !== undefined && isStatementTemplate(template.parent);
}

function isStatementTemplate(node: ts.Node): node is ts.TaggedTemplateExpression {
  if (!ts.isTaggedTemplateExpression(node) || !/^(sql|drizzleSql\w*)$/.test(node.tag.getText())) return false;
  const { template } = node;
  const head = ts.isNoSubstitutionTemplateLiteral(template) ? template : template.head;
  return /^\n[ \t]+\S/.test(head.text) && !pieces(template).some(hasBrokenQuote);
}

function pieces(template: ts.TemplateLiteral): readonly ts.Node[] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [template];
  return [template.head, ...template.templateSpans.map(({ literal }) => literal)];
}

/** A quoted constant that goes over a line break is part of a value. */
function hasBrokenQuote(piece: ts.Node): boolean {
  return /['"]/.test(piece.getText().replace(/'[^'\n]*'|"[^"\n]*"/g, ''));
}
