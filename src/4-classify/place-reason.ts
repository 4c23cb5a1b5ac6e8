/** Where in a body a reason stands: the line that names what it is about, and what is written there. */
import type { Routine } from '../1-read/catalog.js';
import type { RoutineReason } from './verdict.js';

/**
 * The reason with its line (1-based, of the routine's source) and that line's text. A reason that no line of the
 * body can show, such as one that the declaration gives, is returned as it is.
 */
export function placeReason<R extends Pick<RoutineReason, 'detail' | 'line' | 'text'>>(
  reason: R,
  routine: Routine,
): R {
  if (reason.text !== undefined) return reason;
  const lines = bodyLines(routine);
  const start = reason.line === null ? firstStatement(lines) : reason.line - 1;
  const named = namesIn(reason.detail)
    .map((name) => lines.findIndex((text, index) => index >= start && mentions(text, name)))
    .find((index) => index >= 0);
  const index = named ?? start;
  const text = lines[index]?.trim() ?? '';
  return text === '' ? reason : { ...reason, line: index + 1, text: short(text) };
}

/** One line of at most 100 characters. */
export function short(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length > 100 ? `${one.slice(0, 97)}…` : one;
}

/** Without comments, which may name anything; a comment of several lines keeps their number. */
function bodyLines({ sqlBody, source }: Routine): readonly string[] {
  const text = sqlBody ?? source;
  return text
    .replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/--[^\n]*/g, '')
    .split('\n');
}

function firstStatement(lines: readonly string[]): number {
  const found = lines.findIndex((text) => /\b(select|insert|update|delete|merge|with|return)\b/i.test(text));
  return found < 0 ? lines.findIndex((text) => text.trim() !== '') : found;
}

/** What the detail names, first what the body itself writes: the first routine of a path of calls. */
function namesIn(detail: string): readonly string[] {
  const through = / through ([^→,]+)/.exec(detail)?.[1]?.trim();
  const names = [...detail.matchAll(/[\w$]+(?=\()|\b[A-Z]{2,}(?: [A-Z]{2,})*\b|\b\w+_\w+\b/g)].map(
    ([name]) => name,
  );
  return through === undefined ? names : [through.replace(/\(\)$/, ''), ...names];
}

function mentions(text: string, name: string): boolean {
  const pattern = name.replace(/[^\w]+/g, '\\s+').replace(/\$/g, '\\$');
  return new RegExp(`(?<![\\w$])${pattern}(?![\\w$])`, 'i').test(text);
}
