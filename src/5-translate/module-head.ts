/** What a generated function says of itself before its body: parameters, result type, signature. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import type { MultiStep } from '../4-classify/verdict.js';
import type { Callees } from './callees.js';
import { readConstant, type ArgumentSource } from './arguments.js';
import type { Code } from './code.js';
import type { ModuleParameter } from './draft.js';
import { parameterNames } from './names.js';
import { elementsAt, parameterType, parameterUse, withNullElements } from './parameter-type.js';
import { propertyKey } from './print/print-code.js';
import { rawType } from './representation.js';
import type { Result } from './steps/result.js';

export interface StepsInput {
  readonly routine: Routine;
  readonly verdict: MultiStep;
  readonly catalog: Catalog;
  readonly project: UserProject;
  /** Positions of arguments that some site passes as null. */
  readonly nullable: ReadonlySet<number>;
  /** Routine's result columns for a set or a row; empty for a scalar or void. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  /** What is known of the routines that the body calls; without it every call stays. */
  readonly callees?: Callees;
  /** Every argument and variable through `sql`, where column types refuse one. */
  readonly cautious?: boolean;
}

export interface Parameter {
  readonly module: ModuleParameter;
  readonly source: ArgumentSource;
  readonly sqlName: string | null;
}

export function moduleParameters({ routine, catalog, nullable }: StepsInput): readonly Parameter[] {
  const inputs = routine.arguments.filter((argument) => ['in', 'inout', 'variadic'].includes(argument.mode));
  const names = parameterNames(inputs.map((argument) => argument.name));
  return inputs.map((argument, index) => {
    const position = index + 1;
    const plain = parameterType(catalog, argument.type);
    const type = nullable.has(elementsAt(position)) ? withNullElements(plain) : plain;
    const mayBeNull = nullable.has(position);
    const use = parameterUse(type, position, mayBeNull);
    return {
      module: {
        position,
        name: names[index] ?? `argument${position}`,
        type: mayBeNull ? `${type} | null` : type,
        default: defaultCode(argument.default, argument.type, catalog, mayBeNull),
      },
      source: { kind: 'expression', position, declared: argument.type, use, casts: [] },
      sqlName: argument.name,
    };
  });
}

export function returnType({ routine, catalog, columns, project }: StepsInput): string {
  const driver = project.clients[0]?.driver;
  const procedure = routine.kind === 'procedure';
  if (catalog.types.get(routine.returnType)?.name === 'void') return 'void';
  if (procedure && columns.length === 0) return 'void';
  const row = `{ ${columns.map((column) => `${propertyKey(column.name)}: ${orNull(rawType(catalog, column.type, driver))}`).join('; ')} }`;
  if (columns.length > 0) return routine.returnsSet || procedure ? `${row}[]` : row;
  const scalar = rawType(catalog, routine.returnType, driver);
  if (!routine.returnsSet) return scalar;
  return scalar.includes(' | ') ? `(${scalar})[]` : `${scalar}[]`;
}

/** The type that a function has to declare where TypeScript cannot infer it, as of one that calls itself. */
export function resultType(input: StepsInput, result: Result, nullable: boolean): string {
  const { catalog, project } = input;
  const raw = (type: number): string => rawType(catalog, type, project.clients[0]?.driver);
  const value = (type: number): string => (nullable ? orNull(raw(type)) : raw(type));
  if (result.kind === 'void') return 'void';
  if (result.kind === 'scalar') return value(result.type);
  const [only] = result.columns;
  if (result.kind === 'out' && !result.row && only !== undefined) return value(only.type);
  return `{ ${result.columns.map(({ name, type }) => `${propertyKey(name)}: ${orNull(raw(type))}`).join('; ')} }[]`;
}

/** Names the routine in the comment of its function, and tells it from all others. */
export function documentation(input: StepsInput): string {
  return `${input.routine.schema}.${input.routine.name}(${signature(input)})`;
}

export function signature({ routine, catalog }: StepsInput): string {
  return (routine.identity?.declared ?? routine).arguments
    .filter((argument) => argument.mode !== 'table' && argument.mode !== 'out')
    .map(
      (argument) =>
        `${argument.name === null ? '' : `${argument.name} `}${catalog.types.get(argument.type)?.sqlName ?? 'unknown'}`,
    )
    .join(', ');
}

function orNull(type: string): string {
  return type === 'unknown' ? type : `${type} | null`;
}

/**
 * A constant default as a destructuring default; anything else is given by the site. NULL is none where every site
 * gives a value, for the parameter does not take null then.
 */
function defaultCode(
  text: string | null,
  declared: number,
  catalog: Catalog,
  mayBeNull: boolean,
): Code | null {
  const constant = text === null ? null : readConstant(text, declared, catalog);
  if (constant === null) return null;
  switch (constant.kind) {
    case 'null':
      return mayBeNull ? { kind: 'keyword', value: 'null' } : null;
    case 'boolean':
      return { kind: 'keyword', value: constant.text as 'true' | 'false' };
    case 'number':
      return { kind: 'number', text: constant.text };
    case 'string':
      if (catalog.types.get(declared)?.category === 'A')
        return constant.text === '{}' ? { kind: 'array', items: [] } : null;
      return { kind: 'string', value: constant.text };
  }
}
