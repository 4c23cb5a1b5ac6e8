/** Where new import statements go in a file. */
import { ts } from 'ts-morph';
import type { FileImports } from './file-imports.js';

export interface ImportPlace {
  readonly offset: number;
  /** The statements follow what stands before the offset on a line of their own. */
  readonly after: boolean;
  /** A blank line has to part them from what follows. */
  readonly blank: boolean;
}

/** After the last import; without one, after the directives and the file's head comment. */
export function placeForImports(source: ts.SourceFile, imports: FileImports): ImportPlace {
  const same = imports.declarations.filter((one) => (one.form === 'require') === imports.commonJs);
  const last = (same.length > 0 ? same : imports.declarations).at(-1);
  if (last !== undefined) return { offset: withTrailingComment(source, last.end), after: true, blank: false };

  const directives = source.statements.filter(
    (one, index, all) =>
      all
        .slice(0, index + 1)
        .every((other) => ts.isExpressionStatement(other) && ts.isStringLiteral(other.expression)) &&
      one.end > 0,
  );
  const directive = directives.at(-1);
  if (directive !== undefined)
    return { offset: withTrailingComment(source, directive.end), after: true, blank: false };
  return { offset: headEnd(source), after: false, blank: true };
}

function withTrailingComment(source: ts.SourceFile, offset: number): number {
  return ts.getTrailingCommentRanges(source.text, offset)?.at(-1)?.end ?? offset;
}

/** After a shebang and after comments that a blank line parts from the first statement. */
function headEnd(source: ts.SourceFile): number {
  const { text } = source;
  const shebang = ts.getShebang(text)?.length ?? 0;
  let offset = shebang === 0 ? 0 : shebang + (/^\r?\n/.exec(text.slice(shebang))?.[0].length ?? 0);
  for (const comment of ts.getLeadingCommentRanges(text, shebang) ?? []) {
    const gap = /^[ \t]*\r?\n(?:[ \t]*\r?\n)+/.exec(text.slice(comment.end));
    if (gap === null) continue;
    offset = comment.end + gap[0].length;
  }
  return offset;
}
