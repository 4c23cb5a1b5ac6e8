/** What a call itself fixes: literals that it passes, and defaults of what it leaves out, meet columns like those of the body. */
import type { Binding } from '../2-find/resolved-site.js';
import type { BodyFacts } from './body-facts.js';
import { literalsOf } from './check-literals.js';
import { askRows } from './found-facts.js';

export function withBoundLiterals(facts: BodyFacts, bindings: readonly Binding[]): BodyFacts {
  const columnLiterals = new Map(facts.columnLiterals);
  const asked = { rowsAsked: facts.rowsAsked };
  for (const { position, argument, parameter } of bindings) {
    if (argument !== null && argument.holes.length > 0) continue;
    const text = argument?.sql ?? parameter.default ?? '';
    const literals = literalsOf(text).flatMap(itemsOf);
    if (facts.limitParameters.includes(position)) askRows(asked, Number(text));
    for (const column of facts.parameterColumns.get(position) ?? []) {
      columnLiterals.set(column, [...new Set([...(columnLiterals.get(column) ?? []), ...literals])]);
    }
  }
  return { ...facts, ...asked, columnLiterals };
}

/** `{a,b}` is a list of its items, too. */
function itemsOf(text: string): readonly string[] {
  const [, items] = /^\{([^{}"\\]*)\}$/.exec(text) ?? [];
  return items === undefined ? [text] : [text, ...items.split(',').map((item) => item.trim())];
}
