/** Which lines of a rewritten file belong to which site. */
import { ts } from 'ts-morph';
import type { TextEdit } from '../2-find/result-use.js';
import { lineEnding } from './apply-edits.js';
import type { EditedLines, SitePlan } from './site-plan.js';
import { innermost } from './visible-names.js';

/** @param all every edit of the file, those of imports too; `after` is the text that they give. */
export function editedLines(
  source: ts.SourceFile,
  plans: readonly SitePlan[],
  all: readonly TextEdit[],
  after: string,
): readonly EditedLines[] {
  const lines = lineMap(source.text, all, after);
  return plans.flatMap((plan) =>
    plan.edits.map((edit) => {
      const scope = outermost(source, edit.start);
      return {
        siteId: plan.siteId,
        first: lines.before(edit.start),
        last: lines.after(edit.end),
        scope: { first: lines.before(scope.getStart(source)), last: lines.after(scope.end) },
      };
    }),
  );
}

/** The function or method in which the position lies; a top-level statement for code outside of any. */
function outermost(source: ts.SourceFile, position: number): ts.Node {
  let found: ts.Node | null = null;
  let top: ts.Node = innermost(source, position);
  for (let node = top; node.parent; node = node.parent) {
    if (ts.isFunctionLike(node)) found = node;
    top = node;
  }
  return found ?? top;
}

interface LineMap {
  /** Line of what was put at the offset, or stands there. */
  before(offset: number): number;
  /** Line of the end of what was put up to the offset. */
  after(offset: number): number;
}

/** Lines of the new text for offsets of the old one. */
function lineMap(text: string, edits: readonly TextEdit[], after: string): LineMap {
  const eol = lineEnding(text);
  const grown = edits.map(({ start, end, text: put }) => ({
    start,
    end,
    by: put.replace(/\r?\n/g, eol).length - (end - start),
  }));
  const starts = [0];
  for (let at = after.indexOf('\n'); at >= 0; at = after.indexOf('\n', at + 1)) starts.push(at + 1);
  const line = (offset: number): number => {
    let found = starts.length;
    while (found > 1 && (starts[found - 1] ?? 0) > offset) found--;
    return found;
  };
  const shift = (counts: (edit: { readonly start: number; readonly end: number }) => boolean): number =>
    grown.reduce((sum, edit) => sum + (counts(edit) ? edit.by : 0), 0);
  return {
    before: (offset) => line(offset + shift((edit) => edit.end <= offset && edit.start < offset)),
    after: (offset) => line(offset + shift((edit) => edit.end <= offset)),
  };
}
