/** Puts SQL in place of a call inside a larger statement, written as the literal round it is written. */
import type { EmbeddedPlace } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code } from '../5-translate/code.js';
import type { EmbeddedDraft } from '../5-translate/draft.js';
import { printCode } from '../5-translate/print/print-code.js';
import { scanSql } from '../sql/scan-sql.js';
import { indentAt } from './lay-out.js';
import type { PlaceContext, SourceView } from './place-context.js';
import { siteNames } from './site-names.js';
import type { SitePlan } from './site-plan.js';
import { visibleNames } from './visible-names.js';

/** Only the call's text changes. */
export async function placeEmbedded(
  resolved: ResolvedSite,
  use: ResultUse,
  draft: EmbeddedDraft,
  context: PlaceContext,
): Promise<SitePlan> {
  const { site } = resolved;
  const { embedded } = site;
  if (embedded === undefined) throw new Error(`${site.id} is not part of a larger statement`);
  const view = await context.view(site.file);
  if (draft.template !== undefined)
    return placeTemplate(resolved, use, draft.template, embedded, view, context);
  const indent = `${indentAt(view.text, embedded.span.start)}  `;
  const pieces = cut(laidOut(draft.text, embedded, indent));
  const text = pieces
    .map((piece) => {
      if (typeof piece === 'string') return escaped(piece, embedded.literal);
      const hole =
        embedded.binds === 'template' ? site.statement?.holes.find((one) => one.index === piece) : null;
      if (hole === null) return `$${String(piece)}`;
      if (hole === undefined) throw new Error(`${site.id} has no value for $${String(piece)}`);
      return hole.oneParameter === true
        ? `\${${embedded.tag ?? 'sql'}.param(${hole.expression})}`
        : `\${${hole.expression}}`;
    })
    .join('');
  return {
    siteId: site.id,
    file: site.file,
    edits: [{ ...embedded.span, text }],
    imports: [],
    modules: [],
    mayBecomeUnused: [],
  };
}

/** The parts as they stand in the template that holds the call. */
function placeTemplate(
  { site, bindings }: ResolvedSite,
  use: ResultUse,
  parts: readonly (string | Code)[],
  { span }: EmbeddedPlace,
  view: SourceView,
  context: PlaceContext,
): SitePlan {
  const argument = (position: number): string => {
    const hole = bindings.find((binding) => binding.position === position)?.argument?.hole;
    if (hole === undefined || hole === null)
      throw new Error(`${site.id} has no value for argument ${position}`);
    return hole.expression;
  };
  const names = siteNames(use.client, visibleNames(view.source, span.start), argument, view, context);
  const text = parts
    .map((part) => (typeof part === 'string' ? escaped(part, 'template') : `\${${printCode(part, names)}}`))
    .join('');
  return {
    siteId: site.id,
    file: site.file,
    edits: [{ ...span, text }],
    imports: names.needs(),
    modules: [],
    mayBecomeUnused: [],
  };
}

/** Clauses on lines of their own when it is long and the literal may hold line breaks. */
function laidOut(text: string, { literal }: EmbeddedPlace, indent: string): string {
  const flat = text.replace(breaks, (match) =>
    /^['"]/.test(match) ? match : match.startsWith('(') ? '(' : match.endsWith(')') ? ')' : ' ',
  );
  if (literal !== 'template' || flat.length <= 80) return flat;
  return text.replace(breaks, (match) => (/^['"]/.test(match) ? match : match.replace('\n', `\n${indent}`)));
}

/** Line breaks with the blanks and parentheses round them; quoted text is passed over. */
const breaks = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\(\n\s*|\n\s*\)|\n\s*/g;

/** Text, and the numbers of the parameters in it. */
function cut(text: string): readonly (string | number)[] {
  const pieces: (string | number)[] = [];
  let at = 0;
  for (const token of scanSql(text) ?? []) {
    if (token.kind !== 'parameter') continue;
    pieces.push(text.slice(at, token.start), Number(token.text.slice(1)));
    at = token.end;
  }
  return [...pieces, text.slice(at)];
}

function escaped(text: string, literal: EmbeddedPlace['literal']): string {
  const plain = text.replace(/\\/g, '\\\\');
  if (literal === 'template') return plain.replace(/`/g, '\\`').replace(/\$\{/g, '\\${');
  const quoted = literal === 'single' ? plain.replace(/'/g, "\\'") : plain.replace(/"/g, '\\"');
  return quoted.replace(/\r/g, '\\r').replace(/\n/g, '\\n');
}
