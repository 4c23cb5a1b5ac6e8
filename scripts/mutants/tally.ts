/** Counts of mutants by operator, and the texts about them. */

/** One mutant under the inputs of one column: `seed 1`, `random`. */
export interface Judged extends RunMutant {
  /** Why no input can tell it from the translation, or null. */
  readonly equivalent: string | null;
}

/** What running it showed. Plain data, which `--keep` writes. */
export interface RunMutant {
  readonly id: string;
  readonly inputs: string;
  readonly operator: string;
  /** What stood there and what stands there now. */
  readonly was: string;
  readonly is: string;
  /** What gave it away, or null when it survived. */
  readonly caught: string | null;
  /** Of a survivor: the whole text, the statement that it stands in, and whether the cases took every branch. */
  readonly survivor?: { readonly text: string; readonly statement: string; readonly complete: boolean };
}

export interface Count {
  readonly caught: number;
  readonly planted: number;
}

/** Of those that are not equivalent. */
export function countOf(all: readonly Judged[], inputs: string, operator?: string): Count {
  const some = all.filter(
    (one) =>
      one.inputs === inputs &&
      one.equivalent === null &&
      (operator === undefined || one.operator === operator),
  );
  return { caught: some.filter(({ caught }) => caught !== null).length, planted: some.length };
}

/** A Markdown table with a column for each kind of inputs, and the shares in its last row. */
export function tableOf(all: readonly Judged[], columns: readonly string[]): string {
  const names = [...new Set(all.map(({ operator }) => operator))].sort();
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['fault', ...columns]),
    row(['---', ...columns.map(() => '---')]),
    ...names.map((name) => row([name, ...columns.map((inputs) => shown(countOf(all, inputs, name)))])),
    row(['all', ...columns.map((inputs) => shown(countOf(all, inputs)))]),
    row(['share', ...columns.map((inputs) => `${shareOf(countOf(all, inputs))} %`)]),
    '',
  ].join('\n');
}

/** A line for each mutant that nothing caught. */
export function survivorsOf(all: readonly Judged[], inputs: string): string {
  return all
    .filter((one) => one.inputs === inputs && one.caught === null && one.equivalent === null)
    .map(({ id, operator, was, is }) => `- ${id}: ${operator}: ${oneLine(was)} -> ${oneLine(is)}\n`)
    .join('');
}

/** The rules of PostgreSQL that make mutants equivalent, each with how many. */
export function equivalentsOf(all: readonly Judged[], inputs: string): string {
  const found = all.filter((one) => one.inputs === inputs && one.equivalent !== null);
  const rules = [...new Set(found.map(({ equivalent }) => equivalent))];
  return rules
    .map((rule) => `- ${String(found.filter((one) => one.equivalent === rule).length)}: ${String(rule)}\n`)
    .join('');
}

/** Percent, cut after one digit. */
export function shareOf({ caught, planted }: Count): string {
  return String(planted === 0 ? 0 : Math.floor((1000 * caught) / planted) / 10);
}

function shown({ caught, planted }: Count): string {
  return planted === 0 ? '' : `${String(caught)} of ${String(planted)}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)} …` : line;
}
