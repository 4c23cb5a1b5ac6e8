/** Counts of mutants by operator, and the texts about them. */
import type { JudgedMutant } from './run-mutants.js';

export interface Tally {
  /** `equivalent`: why nothing can catch it, or null. */
  add(id: string, judged: JudgedMutant, equivalent: string | null): void;
  skip(id: string, why: string): void;
  sum(): Count;
  count(operator: string): Count;
  equivalents(): number;
  skipped(): readonly (readonly [string, string])[];
  /** A Markdown table, with the counts of another tally beside it. */
  table(beside: Tally | null): string;
  /** A line for each mutant that nothing caught. */
  survivors(): string;
}

export interface Count {
  readonly caught: number;
  readonly planted: number;
}

export function openTally(): Tally {
  const all: (JudgedMutant & { readonly id: string })[] = [];
  const equivalents: string[] = [];
  const skipped: (readonly [string, string])[] = [];
  const counted = (some: readonly JudgedMutant[]): Count => ({
    caught: some.filter(({ caught }) => caught !== null).length,
    planted: some.length,
  });
  const tally: Tally = {
    add(id, judged, equivalent) {
      if (equivalent === null) all.push({ ...judged, id });
      else equivalents.push(`${id} ${judged.mutant.operator}: ${equivalent}`);
    },
    skip: (id, why) => skipped.push([id, why]),
    sum: () => counted(all),
    count: (operator) => counted(all.filter(({ mutant }) => mutant.operator === operator)),
    equivalents: () => equivalents.length,
    skipped: () => skipped,
    table(beside) {
      const names = [...new Set(all.map(({ mutant }) => mutant.operator))].sort();
      const row = (name: string, own: Count, other: Count | undefined): string =>
        `| ${[name, shown(own), ...(other === undefined ? [] : [shown(other)])].join(' | ')} |`;
      return [
        `| fault | aimed inputs |${beside === null ? '' : ' random inputs |'}`,
        `| --- | --- |${beside === null ? '' : ' --- |'}`,
        ...names.map((name) => row(name, tally.count(name), beside?.count(name))),
        row('all', tally.sum(), beside?.sum()),
        '',
      ].join('\n');
    },
    survivors: () =>
      all
        .filter(({ caught }) => caught === null)
        .map(
          ({ id, mutant }) =>
            `- ${id}: ${mutant.operator}: ${oneLine(mutant.was)} -> ${oneLine(mutant.is)}\n`,
        )
        .join(''),
  };
  return tally;
}

function shown({ caught, planted }: Count): string {
  return planted === 0 ? '' : `${String(caught)} of ${String(planted)}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 160 ? `${line.slice(0, 160)} …` : line;
}
