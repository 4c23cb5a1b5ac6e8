/** What the builders of one PL/pgSQL body share. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Variable } from './body.js';
import type { NameLookup } from './name-lookup.js';
import type { CompiledPlpgsql } from './plpgsql-compile.js';
import type { DeclareSection } from './plpgsql-declarations.js';
import type { Meaning, NameScope } from './plpgsql-variables.js';
import type { BodyRefusal } from './refusal.js';
import type { RoutineNames } from './statement-context.js';
import type { StatementUnit } from './statement-unit.js';

/** Read once everything that PostgreSQL was asked is answered. */
export type Later<T> = () => T;

export interface PlpgsqlContext {
  readonly routine: Routine;
  readonly catalog: Catalog;
  readonly lookup: NameLookup;
  readonly loginLookup: NameLookup | null;
  readonly conflict: RoutineNames['conflict'];
  readonly compiled: CompiledPlpgsql;
  readonly source: Buffer;
  /** By datum number. */
  readonly meanings: Map<number, Meaning>;
  readonly positional: readonly Meaning[];
  readonly variables: VariableDraft[];
  readonly units: StatementUnit[];
  readonly refusals: BodyRefusal[];
  /** Fields of RECORD variables, by variable id: from the statements that fill them. */
  readonly shapes: Map<number, ReadonlyMap<string, number | null>>;
  readonly openSections: Set<DeclareSection>;
  /** Write the defaults of declared variables, once they are known. */
  readonly defaults: (() => void)[];
  /** Index of the token from which the next step's text is looked for. */
  nextToken: number;
}

export type VariableDraft = { -readonly [Key in keyof Variable]: Variable[Key] };

/** A new variable with the next id. */
export function declareVariable(
  context: Pick<PlpgsqlContext, 'variables'>,
  variable: Omit<Variable, 'id'>,
): VariableDraft {
  const draft: VariableDraft = { ...variable, id: context.variables.length };
  context.variables.push(draft);
  return draft;
}

/** Source text of the step that starts with `keyword` on `line`, up to `;`, THEN or LOOP. */
export function stepText(context: PlpgsqlContext, line: number, keyword: RegExp): string {
  const { tokens } = context.compiled;
  const first = tokens.findIndex(
    (token, index) => index >= context.nextToken && token.line >= line && keyword.test(token.text),
  );
  const from = tokens[first];
  if (!from || from.line > line + 1) return '';
  context.nextToken = first + 1;
  let depth = 0;
  let end = from.end;
  for (const token of tokens.slice(first)) {
    if (depth === 0 && (token.text === ';' || (token !== from && /^(then|loop)$/i.test(token.text)))) break;
    depth += /^[([]$/.test(token.text) ? 1 : /^[)\]]$/.test(token.text) ? -1 : 0;
    end = token.end;
  }
  // The compiler read the source with some declared types replaced, but never a step.
  return context.source.subarray(from.start, end).toString();
}

/** A scope inside `parent`. */
export function childScope(
  parent: NameScope,
  label: string | null,
  names: ReadonlyMap<string, Meaning>,
): NameScope {
  return { parent, label, names };
}
