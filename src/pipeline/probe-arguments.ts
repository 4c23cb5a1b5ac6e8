/** Values that stand for a call's arguments in a built statement, and what PostgreSQL has to say of it then. */
import type { Catalog } from '../1-read/catalog.js';
import type { DescribeExpectation } from '../7-prove/describe-draft.js';
import type { BuiltStatement } from '../7-prove/evaluate-statements.js';
import type { Provable } from './prepare-pair.js';

type ProbeValue = string | number;

interface Probe {
  readonly args: Readonly<Record<string, ProbeValue | readonly ProbeValue[]>>;
  /** Declared type by the value that stands for the argument; of a list, the type of its elements. */
  readonly declared: ReadonlyMap<ProbeValue, number>;
}

/** Each argument gets a value of its own, by which its parameter is known again in the built statement. */
export function probeArguments({ site, use }: Provable, catalog: Catalog): Probe {
  const args: Record<string, ProbeValue | readonly ProbeValue[]> = {};
  const declared = new Map<ProbeValue, number>();
  for (const { argument, parameter } of site.bindings) {
    for (const { index } of argument?.holes ?? []) {
      const fact = use.arguments.find((one) => one.hole === index);
      const listed = fact?.members.includes('array') ?? false;
      const numeric = listed
        ? /^(?:readonly )?number\[\]/.test(fact?.type ?? '')
        : fact?.members.includes('number');
      const value = numeric === true ? 900_000 + index : `argument ${index}`;
      // What takes a list may send it element by element.
      args[`a${index}`] = listed ? [value] : value;
      const type = listed ? catalog.types.get(parameter.type)?.element : parameter.type;
      if (argument?.hole?.index === index && argument.casts.length === 0) declared.set(value, type ?? 0);
    }
  }
  return { args, declared };
}

const textTypes = [25, 1043];

/** Describe gives a domain's column as its base type (measured on PostgreSQL 15 and 18). */
function baseTypeOf(catalog: Catalog, oid: number): number {
  const type = catalog.types.get(oid);
  return type?.kind === 'domain' ? baseTypeOf(catalog, type.baseType) : oid;
}

/** What a built statement has to be described as: the declared types of its parameters, the columns of the old one. */
export function expectation(
  { site, draft }: Provable,
  statement: BuiltStatement,
  { declared }: Probe,
  catalog: Catalog,
): DescribeExpectation {
  const parameters = statement.params.map((value) => {
    const type = typeof value === 'string' || typeof value === 'number' ? declared.get(value) : undefined;
    if (type === undefined) return null;
    return textTypes.includes(type) ? textTypes : [type];
  });
  const read = draft.kind === 'inline' && (draft.shape === 'rows' || draft.shape === 'result');
  const columns = draft.columns.flatMap(({ key }) => {
    const column = site.output.columns.find((candidate) => candidate.key === key);
    return column === undefined ? [] : [{ name: key, type: baseTypeOf(catalog, column.type) }];
  });
  return { parameters, columns: read ? columns : null };
}
