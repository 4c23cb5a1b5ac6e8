/** The variables of one block. */
import type { PlpgsqlContext } from './plpgsql-context.js';
import { childScope, declareVariable } from './plpgsql-context.js';
import { laterExpression } from './plpgsql-expressions.js';
import type { Meaning, NameScope } from './plpgsql-variables.js';

/** Declares what stands in the DECLARE section before the BEGIN on `line`, if there is one. */
export function declareSection(
  context: PlpgsqlContext,
  scope: NameScope,
  label: string | null,
  line: number,
): { inner: NameScope; declares: readonly number[] } {
  const section = [...context.openSections].find((each) => each.beginLine === line);
  if (!section) return { inner: label === null ? scope : childScope(scope, label, new Map()), declares: [] };
  context.openSections.delete(section);
  const names = new Map<string, Meaning>();
  const inner = childScope(scope, label, names);
  const place = context.compiled.sections.indexOf(section);
  const declares = section.declarations.flatMap((declaration, index) => {
    const datum = context.compiled.function.datums.findIndex(
      (raw, at) =>
        raw.name === declaration.name &&
        raw.line === declaration.line &&
        !context.meanings.has(at) &&
        raw.kind !== 'recfield',
    );
    const raw = context.compiled.function.datums[datum];
    if (!raw || declaration.typeText === null) {
      if (raw) context.meanings.set(datum, { kind: 'other', name: declaration.name });
      const alias = context.compiled.function.aliases.find((each) => each.name === declaration.name);
      names.set(
        declaration.name,
        (alias && context.meanings.get(alias.datum)) ?? { kind: 'other', name: declaration.name },
      );
      return [];
    }
    const type = context.compiled.types[place]?.[index];
    // A default sees the variables declared before it.
    const value =
      raw.default ?? (declaration.initial === null ? null : { query: declaration.initial, mode: 2 });
    const initial = value ? laterExpression(context, inner, value, declaration.line) : null;
    const variable = declareVariable(context, {
      name: declaration.name,
      origin: 'declared',
      type: type?.type ?? null,
      typmod: type?.typmod ?? -1,
      constant: raw.constant,
      notNull: raw.notNull || declaration.notNull,
      default: null,
      line: declaration.line,
    });
    if (initial) context.defaults.push(() => (variable.default = initial()));
    const meaning: Meaning = { kind: 'variable', variable };
    context.meanings.set(datum, meaning);
    names.set(declaration.name, meaning);
    return [variable.id];
  });
  return { inner, declares };
}
