/** The baseline: rows and arguments of the right types, drawn without a look at the body. */
import { bodyFacts } from '../../src/7-prove/body-facts.js';
import { makeRows } from '../../src/7-prove/make-rows.js';
import { rowCount } from '../../src/7-prove/row-variants.js';
import type { Pair, ProofCase, RowCandidates } from '../../src/7-prove/pair.js';
import { openRandom, type Random } from '../../src/7-prove/random.js';
import { edgeValues, pastLimit, rowValue } from '../../src/7-prove/sample-values.js';
import { siteValue } from '../../src/7-prove/site-value.js';
import { argumentShapes, type PrepareInput, type Provable } from '../../src/pipeline/prepare-pair.js';

/** As many cases as the aimed pair has. */
export function randomPair(
  candidate: Provable,
  aimed: Pair,
  { catalog, options, checks }: PrepareInput,
): Pair {
  const { verdict, site } = candidate;
  const body = verdict.kind === 'single-statement' ? verdict.statement : verdict.body;
  const blind = {
    ...bodyFacts(body),
    columnLiterals: new Map(),
    parameterLiterals: new Map(),
    parameterColumns: new Map(),
  };
  const { rows, sequences } = makeRows(catalog, blind, checks);
  const random = openRandom(options.seed);
  const types = site.routine.arguments
    .filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic')
    .map(({ type }) => type);
  const argument = (shape: ReturnType<typeof argumentShapes>[number]): unknown => {
    const type = types[shape.position - 1] ?? 0;
    if (shape.mayBeNull && random.below(10) === 0) return null;
    const edges = edgeValues(catalog, type).filter((text) => !pastLimit.has(text));
    const values = [
      ...Array.from({ length: 30 }, (_, row) => rowValue(catalog, type, row + 1, 'value')),
      ...edges,
    ];
    const text = values[random.below(values.length)] ?? null;
    return text === null ? null : siteValue({ shape, type }, catalog, text);
  };
  const cases = aimed.cases.map((_, index): ProofCase => {
    const args = Object.fromEntries(argumentShapes(candidate).map((shape) => [shape.key, argument(shape)]));
    return { name: `random ${String(index + 1)}`, seed: sequences, rows: shuffled(rows, random), args };
  });
  const { search: _search, ...rest } = aimed;
  return { ...rest, cases };
}

/** Each row in a spelling of its own, one in five left out. */
function shuffled(rows: readonly RowCandidates[], random: Random): readonly RowCandidates[] {
  return rows.flatMap((row, index) => {
    if (index % rowCount > 0 && random.below(5) === 0) return [];
    const turn = random.below(Math.max(1, row.inserts.length));
    return [{ ...row, inserts: [...row.inserts.slice(turn), ...row.inserts.slice(0, turn)] }];
  });
}
