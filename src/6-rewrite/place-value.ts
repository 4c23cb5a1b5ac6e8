/** The edits of one site once the text of its query is known, for inline translations and calls of modules alike. */
import { ts } from 'ts-morph';
import type { SiteRefusal, Span } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { Read, ResultUse, TextEdit } from '../2-find/result-use.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import { access, adaptValue, type Adapted, type Value } from './adapt-value.js';
import { directReads } from './direct-reads.js';
import { armOf, inArm } from './join-arms.js';
import { layOut } from './lay-out.js';
import type { SourceView } from './place-context.js';
import { enclosed, isAsserted, nodeAtSpan, placementOf } from './site-place.js';
import type { ImportNeed, ModuleNeed, SitePlan } from './site-plan.js';

export interface PlacedParts {
  readonly hoists: readonly TextEdit[];
  readonly imports: readonly ImportNeed[];
  readonly modules: readonly ModuleNeed[];
}

/** Adapts the value, lays the expression out in its statement and collects the site's edits. */
export async function placeValue(
  site: ResolvedSite,
  use: ResultUse,
  value: Value,
  parts: PlacedParts,
  view: SourceView,
): Promise<SitePlan | SiteRefusal> {
  const direct = directReads(use, value, view);
  const readsBearAbsence = value.nullRowWhenEmpty && use.shape === 'rows' && areAllFieldReads(use);
  const asked: ResultUse = direct === null ? use : { ...use, shape: 'field', field: direct.field };
  const adapted = adaptValue(value, { use: asked, asserted: isAsserted(use, view), readsBearAbsence });
  if ('reason' in adapted) return adapted;

  const reads = direct?.reads ?? (readsBearAbsence ? use.reads.map((read) => editOfRead(read, view)) : []);
  const declared = direct?.declaration ?? use.edits;
  const others = [...declared.filter((edit) => !isWithinAny(edit, [use.target, ...reads])), ...reads];
  const text = enclosed(withoutFallback(adapted, use.target, view), use.target, view);
  const arm = armOf(site, use, view);
  if (arm !== null && parts.hoists.length > 0) {
    const detail = `${site.routine.name} is one of several and needs constants before the call: write a call for each`;
    return { reason: 'several-routines', detail };
  }
  const placement = placementOf(use.target, others, view);
  const within = arm === null ? placement : inArm(placement, arm, view.style);
  const laidOut = await layOut(text, within, view.style);
  return {
    siteId: site.site.id,
    file: view.path,
    edits: [...parts.hoists, { ...use.target, text: keepParentheses(text, laidOut) }, ...others],
    imports: parts.imports,
    modules: parts.modules,
    mayBecomeUnused: importedNamesIn([use.target, ...others], view),
    ...(arm === null ? {} : { arm }),
  };
}

/** Keys of a row as the site sees it. A value has none of its own: it goes by the site's. */
export function keysAt(site: ResolvedSite, draft: InlineDraft | ModuleDraft): readonly string[] {
  const ownKeys = draft.columns.length > 0 && (draft.shape !== 'value' || site.output.columns.length === 0);
  return (ownKeys ? draft.columns : site.output.columns).map((column) => column.key);
}

/** What the way the result is used forbids before anything is printed. */
export function refusalOfUse(use: ResultUse, view: SourceView): SiteRefusal | null {
  if (use.client.executor === null)
    return { reason: 'no-client', detail: use.client.refusal ?? use.client.kind };
  if (use.awaited || use.request !== undefined || use.client.kind === 'drizzle') return null;
  // What a pool sends is sent at once, a builder only when it is awaited: the two differ where nothing awaits at once.
  const parent = nodeAtSpan(view.source, use.target)?.parent;
  const atOnce =
    parent !== undefined &&
    (ts.isReturnStatement(parent) || ts.isArrowFunction(parent) || ts.isArrayLiteralExpression(parent));
  return atOnce
    ? null
    : { reason: 'builder-escapes', detail: 'the un-awaited request is stored or passed on' };
}

/** The formatter's text is that of the expression without its own parentheses. */
function keepParentheses(text: string, laidOut: string): string {
  return text.startsWith('(') &&
    text.endsWith(')') &&
    isOneGroup(text) &&
    !(laidOut.startsWith('(') && isOneGroup(laidOut))
    ? `(${laidOut})`
    : laidOut;
}

function isOneGroup(text: string): boolean {
  const statement = ts.createSourceFile('a.tsx', `_ = ${text}`, ts.ScriptTarget.Latest).statements[0];
  return (
    statement !== undefined &&
    ts.isExpressionStatement(statement) &&
    ts.isBinaryExpression(statement.expression) &&
    ts.isParenthesizedExpression(statement.expression.right)
  );
}

/** Every mention of the rows after the statement is a read of one field of the first row. */
function areAllFieldReads(use: ResultUse): boolean {
  return use.readsOnly === true && use.reads.every((read) => read.kind === 'field' && read.key !== null);
}

function editOfRead(read: Read, view: SourceView): TextEdit {
  const text = `${read.rows}[0]${access(read.key ?? '', true)} ?? null`;
  const adapted = withoutFallback({ text, binding: 'nullish' }, read.span, view);
  return { ...read.span, text: enclosed(adapted, read.span, view) };
}

/** `x?.total ?? null` in `… ?? 0`: the site's own fallback takes undefined as it takes null. */
function withoutFallback(adapted: Adapted, span: Span, view: SourceView): Adapted {
  const node = nodeAtSpan(view.source, span);
  const hasOwn =
    node !== null &&
    ts.isBinaryExpression(node.parent) &&
    node.parent.left === node &&
    node.parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  if (!hasOwn || adapted.binding !== 'nullish' || !adapted.text.endsWith('?? null')) return adapted;
  return { text: adapted.text.replace(/ \?\? null$/, ''), binding: 'member' };
}

function isWithinAny(
  span: { readonly start: number; readonly end: number },
  outer: readonly { readonly start: number; readonly end: number }[],
): boolean {
  return outer.some((one) => one.start <= span.start && span.end <= one.end);
}

function importedNamesIn(
  spans: readonly { readonly start: number; readonly end: number }[],
  view: SourceView,
): readonly string[] {
  const text = spans.map((span) => view.text.slice(span.start, span.end)).join('\n');
  const words = new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const imported = view.imports.declarations.flatMap((one) => one.bindings.map(({ local }) => local));
  return [...new Set(imported)].filter((name) => words.has(name));
}
