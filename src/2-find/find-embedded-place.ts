/** The place in the file of a call that is part of a larger statement. */
import { ts } from 'ts-morph';
import type { AssembledSql, WrittenPiece } from './assemble-sql.js';
import type { EmbeddedPlace, SiteRefusal, Span } from './call-site.js';
import type { InnerCall } from './read-routine-calls.js';
import { writtenOffset } from './written-offset.js';

/** `node` is what sends the text; a literal outside of it may be sent from other places too. */
export function findEmbeddedPlace(
  { call, interpolatesNames }: InnerCall,
  sql: AssembledSql,
  node: ts.Node,
): EmbeddedPlace | SiteRefusal {
  const first = pieceAt(sql.pieces, call.offset);
  const last = pieceAt(sql.pieces, call.end - 1);
  if (first === null || last === null) return refused('the call is not written in one literal');
  const literal = literalOf(first.source);
  if (literal !== literalOf(last.source)) return refused('the call is not written in one literal');
  if (literal.getStart() < node.getStart() || literal.end > node.end)
    return refused('the statement is written elsewhere, where other code may use it');
  const start = writtenOffset(first.source, call.offset - first.start);
  const end = writtenOffset(last.source, call.end - last.start);
  if (start === null || end === null) return refused('an escape in the text hides where the call stands');
  const span: Span = { start, end };
  const binds = ts.isTemplateExpression(literal) && !isPasted(literal) ? 'template' : 'numbered';
  const own = call.arguments.flatMap((argument) => argument.parameters);
  const elsewhere = sql.holes.find(
    (hole) => own.includes(hole.index) && (hole.span.start < start || hole.span.end > end),
  );
  if (binds === 'template' && elsewhere !== undefined)
    return refused(`the value \`${elsewhere.expression}\` is bound elsewhere`);
  return {
    call,
    span,
    literal: quoteOf(literal),
    binds,
    tag: ts.isTaggedTemplateExpression(literal.parent) ? literal.parent.tag.getText() : null,
    interpolatesNames,
  };
}

type Sourced = WrittenPiece & { readonly source: ts.LiteralLikeNode };

function pieceAt(pieces: readonly WrittenPiece[], offset: number): Sourced | null {
  const found = pieces.find((piece) => piece.start <= offset && offset < piece.end);
  return found?.source ? { ...found, source: found.source } : null;
}

/** The whole template of one of its pieces, else the literal itself. */
function literalOf(source: ts.LiteralLikeNode): ts.Node {
  if (ts.isTemplateHead(source)) return source.parent;
  return ts.isTemplateMiddle(source) || ts.isTemplateTail(source) ? source.parent.parent : source;
}

/** Without a tag that binds, `${…}` pastes text. */
function isPasted(literal: ts.TemplateExpression): boolean {
  return !ts.isTaggedTemplateExpression(literal.parent);
}

function quoteOf(literal: ts.Node): EmbeddedPlace['literal'] {
  if (!ts.isStringLiteral(literal)) return 'template';
  return literal.getText().startsWith("'") ? 'single' : 'double';
}

function refused(detail: string): SiteRefusal {
  return { reason: 'embedded', detail };
}
