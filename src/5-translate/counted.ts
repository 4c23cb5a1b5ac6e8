/** FOUND and ROW_COUNT of a body's one statement, as the value of the query. */
import type { Catalog } from '../1-read/catalog.js';
import type { Code } from './code.js';
import type { InlineDraft } from './draft.js';
import { rawType } from './representation.js';
import { anyRow, countOf } from './row-count.js';
import type { SingleInput } from './translate-single.js';
import { Untranslatable, unsupported } from './untranslatable.js';

/** `gives`: a builder of a SELECT resolves to rows, `execute` to the driver's result. */
export function counted(
  input: SingleInput,
  query: Code,
  gives: 'rows' | 'result',
): Pick<InlineDraft, 'query' | 'shape' | 'cardinality' | 'columns'> {
  const { verdict, use, site, catalog } = input;
  const whole = { cardinality: 'exactly-one', columns: [] } as const;
  if (verdict.result.kind === 'void' || use.shape === 'nothing') return { ...whole, query, shape: 'nothing' };
  if (use.shape === 'result') {
    throw new Untranslatable('response-metadata', 'the whole driver result of a computed value');
  }
  const kind = verdict.result.kind;
  const [column] = site.output.columns;
  const driver = use.client.driver ?? 'node-postgres';
  const type = rawType(catalog, column?.type ?? site.routine.returnType, driver);
  const columns = [{ key: column?.key ?? site.routine.name, type, nullable: false }];
  const selects = verdict.statement.kind === 'select';
  if (selects && gives === 'rows') {
    if (kind === 'row-count') unsupported('ROW_COUNT of a SELECT');
    return { ...whole, columns, query: anyRow(query), shape: 'value' };
  }
  // PGlite counts no rows of a SELECT.
  if (selects && driver === 'pglite') unsupported('FOUND of a statement without a builder');
  const count = countOf(
    query,
    kind === 'found' ? 'found' : 'row-count',
    resultTypeName(input, catalog),
    driver,
  );
  return { ...whole, columns, query: count, shape: 'value' };
}

function resultTypeName(input: SingleInput, catalog: Catalog): string {
  const type = input.verdict.result.columns[0]?.type ?? input.site.routine.returnType;
  return catalog.types.get(type)?.sqlName ?? 'unknown';
}
