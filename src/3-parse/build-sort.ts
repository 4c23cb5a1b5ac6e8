/** ORDER BY keys and windows. */
import type { Node, WindowDef } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import type { SortKey, Window } from './expression.js';
import type { Expression } from './expression.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

/** `meaning` turns a key that names an output column or its number into an expression; null: it does not. */
export function buildSortKeys(
  context: StatementContext,
  scope: Scope,
  nodes: readonly Node[],
  meaning: (node: Node) => Expression | null = () => null,
): readonly SortKey[] {
  return nodes.flatMap((node) => {
    if (!('SortBy' in node) || !node.SortBy.node) return [];
    const { node: key, sortby_dir: written, sortby_nulls: nulls } = node.SortBy;
    const expression =
      written === 'SORTBY_USING'
        ? unsupported(context, 'ORDER BY … USING', key)
        : (meaning(key) ?? buildExpression(context, scope, key));
    const direction = written === 'SORTBY_DESC' ? 'desc' : 'asc';
    const explicitNulls = nulls === 'SORTBY_NULLS_FIRST' || nulls === 'SORTBY_NULLS_LAST';
    const first = explicitNulls ? nulls === 'SORTBY_NULLS_FIRST' : direction === 'desc';
    return [{ expression, direction, nulls: first ? 'first' : 'last', explicitNulls } as const];
  });
}

/** OVER (…), OVER name, or one entry of WINDOW. */
export function buildWindow(context: StatementContext, scope: Scope, window: WindowDef): Window {
  const name = window.name ?? window.refname ?? null;
  const partitionBy = (window.partitionClause ?? []).map((node) => buildExpression(context, scope, node));
  const orderBy = buildSortKeys(context, scope, window.orderClause ?? []);
  if (window.startOffset) buildExpression(context, scope, window.startOffset);
  if (window.endOffset) buildExpression(context, scope, window.endOffset);
  return { name, partitionBy, orderBy, frame: frameText(context, window) };
}

/** 1058 is FRAMEOPTION_DEFAULTS; bit 1 says that a frame was written. */
function frameText(context: StatementContext, window: WindowDef): string | null {
  if (((window.frameOptions ?? 1058) & 1) === 0) return null;
  const from = window.location ?? 0;
  const first = context.tokens.find(
    (token) => token.start >= from && /^(range|rows|groups)$/i.test(token.text),
  );
  if (!first) return null;
  let depth = 0;
  let end = first.end;
  for (const token of context.tokens) {
    if (token.start < first.start) continue;
    if (token.text === ')' && depth === 0) break;
    depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    end = token.end;
  }
  return context.bytes.subarray(first.start, end).toString();
}
