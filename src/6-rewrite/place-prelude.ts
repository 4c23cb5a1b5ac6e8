/** Builders that a query is made of and that stand as constants before its statement. */
import type { TextEdit } from '../2-find/result-use.js';
import type { Code, Line } from '../5-translate/code.js';
import { printCode } from '../5-translate/print/print-code.js';
import type { Names } from '../5-translate/print/names.js';
import { formatText, indentAt } from './lay-out.js';
import type { SourceView } from './place-context.js';
import { withoutTypes } from './walk-code.js';

export interface Prelude {
  readonly constants: readonly { readonly name: string; readonly value: Code }[];
  /** The query with the names that the constants have here. */
  readonly query: Code;
}

/** Gives each constant a name that nothing at the place uses. */
export function withFreshConstants(
  query: Code,
  lines: readonly Line[],
  visible: ReadonlySet<string>,
  view: SourceView,
): Prelude {
  const fresh = new Map<string, string>();
  for (const line of lines)
    if (line.kind === 'const') fresh.set(line.pattern, view.names.fresh(line.pattern, visible));
  const named = (code: Code): Code => renamed(view.javascript ? withoutTypes(code) : code, fresh) as Code;
  const constants = lines.flatMap((line) =>
    line.kind === 'const'
      ? [{ name: fresh.get(line.pattern) ?? line.pattern, value: named(line.value) }]
      : [],
  );
  return { constants, query: named(query) };
}

/** One insertion for all constants, laid out and indented like the statement that they stand before. */
export async function insertConstants(
  constants: Prelude['constants'],
  names: Names,
  point: number,
  view: SourceView,
): Promise<readonly TextEdit[]> {
  if (constants.length === 0) return [];
  const indent = indentAt(view.text, point);
  const source = constants.map(({ name, value }) => `const ${name} = ${printCode(value, names)};`).join('\n');
  const laidOut = await formatText(source, {
    ...view.style,
    printWidth: Math.max(40, view.style.printWidth - indent.length),
  });
  const lines = laidOut.trimEnd().split('\n');
  return [{ start: point, end: point, text: `${lines.join(`\n${indent}`)}\n${indent}` }];
}

function renamed(node: unknown, fresh: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((item) => renamed(item, fresh));
  if (typeof node !== 'object' || node === null) return node;
  const { kind, name } = node as { kind?: unknown; name?: unknown };
  if (kind === 'local' && typeof name === 'string') return { ...node, name: fresh.get(name) ?? name };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, renamed(value, fresh)]));
}
