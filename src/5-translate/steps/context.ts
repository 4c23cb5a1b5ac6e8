/** What the translation of one body shares: its input, its names, and what it has found to say. */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Driver } from '../../1-read/user-project.js';
import type { Code } from '../code.js';
import type { ModuleDraft } from '../draft.js';
import type { Parameter, StepsInput } from '../module-head.js';
import { camelCase } from '../names.js';
import { unsupported } from '../untranslatable.js';
import { carrier } from './carrier.js';
import type { Row } from './flow.js';
import type { OpenLoop } from './loop.js';
import type { RowOrigin } from './row-origin.js';
import type { VariableUse } from './variable-uses.js';

export interface StepsContext {
  readonly input: StepsInput;
  readonly driver: Driver;
  readonly parameters: readonly Parameter[];
  readonly steps: readonly Step[];
  readonly variables: readonly Variable[];
  readonly uses: readonly VariableUse[];
  readonly names: LocalNames;
  /** Variables of the body that are variables of the function, by id. */
  readonly locals: Map<number, Code>;
  readonly todos: string[];
  /** The constructs behind them. */
  readonly untranslated: string[];
  /** Statements that read tables, on the path with the most. */
  reads: number;
  readonly describable: Code[];
  /** The user's routines that statements still call. */
  readonly staying: Set<string>;
  /** Some path may give NULL as the value of the routine. */
  mayGiveNull: boolean;
  /** Generated functions that the body calls, by their documentation. */
  readonly called: Map<string, ModuleDraft>;
  /** Some statement does not stand alone, so that not all can be described. */
  partial: boolean;
  /** What to tell of the finished function; see `tell` in hazards.ts. */
  readonly hazards: Map<string, { readonly rule: string; readonly message: string }>;
  /** The statements behind rows, by the name of the row. */
  readonly origins: Map<string, RowOrigin>;
  /** The loops round the step that is being translated, outermost first. */
  readonly loops: OpenLoop[];
  /** What the handlers round the step have caught, by the name of its variable, outermost first. */
  readonly handling: string[];
  /** How many blocks with EXCEPTION are round the step, those in whose handlers it stands not counted. */
  guarded: number;
  /** Names that are taken again where nothing outside has them. */
  readonly scopedNames: Map<string, string>;
  /** Integer arguments that JavaScript uses before a statement has checked them. */
  readonly checked: Set<number>;
  /** Pseudo variables that stand for "the row is there", by id. */
  readonly rowTests: Map<number, Row>;
  /** Sets of arguments sent, one for each path that ends normally. */
  readonly endings: ReadonlySet<number>[];
  /** The same where a path ends by raising an error. */
  readonly raises: ReadonlySet<number>[];
  /** The variable that keeps FOUND, where it has one. */
  foundName: string | null;
  /** FOUND was read where it is not known which statement left it. */
  wantsFound: boolean;
  /** It calls itself. */
  recursive: boolean;
  /** How rows are returned, when the routine gives a set. */
  readonly result: { returned: 'none' | 'collected' };
}

/** Names of the generated function's own variables, none twice. */
export class LocalNames {
  readonly #used: Set<string>;

  constructor(used: readonly string[]) {
    this.#used = new Set([...used, 'tx', 'db', 'sql']);
  }

  unique(wanted: string): string {
    const base = camelCase(wanted);
    let name = base;
    for (let index = 2; this.#used.has(name); index += 1) name = `${base}${index}`;
    this.#used.add(name);
    return name;
  }

  used(): readonly string[] {
    return [...this.#used];
  }

  restore(used: readonly string[]): void {
    this.#used.clear();
    for (const name of used) this.#used.add(name);
  }

  /** `v_left` to `left`. */
  ofVariable(name: string): string {
    return this.unique(bareName(name));
  }
}

export function bareName(name: string): string {
  return name.replace(/^(?:v|l|lv|var|r|rec|_)_+(?=[a-zA-Z])/, '').replace(/^_+(?=[a-zA-Z])/, '');
}

/** `agreements` to `agreement`. */
export function singular(table: string): string {
  if (/ies$/.test(table)) return table.replace(/ies$/, 'y');
  if (/(ss|us|is)$/.test(table)) return `${table}_row`;
  if (/(ch|sh|x|ss)es$/.test(table)) return table.replace(/es$/, '');
  return /s$/.test(table) ? table.slice(0, -1) : `${table}_row`;
}

export function variableOf(context: StepsContext, id: number): Variable {
  const variable = context.variables[id];
  if (variable === undefined) throw new Error(`The body has no variable ${id}`);
  return variable;
}

/** The variable holds what the translation does not know, so that no statement can take its place. */
export function notAssignable({ name }: Variable): never {
  return unsupported(`a value for ${name}, which holds one that is not known here`);
}

export function useOf(context: StepsContext, id: number): VariableUse {
  const use = context.uses[id];
  if (use === undefined) throw new Error(`The body has no variable ${id}`);
  return use;
}

/** What a driver takes apart is kept as it gave it, where the variable is only returned. */
export function isGiven(variable: Variable, context: StepsContext): boolean {
  const use = useOf(context, variable.id);
  if (variable.type === null || !use.wholeReturned || use.fields.size > 0) return false;
  return !carrier(context.input.catalog, variable.type, context.driver).raw;
}
