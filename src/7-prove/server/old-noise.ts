/** What of the old side differs from one run to the next on fresh copies: clocks, random values, ties. */
import { findNoise, type Noise } from '../compare-outcomes.js';
import type { Outcome } from '../outcome.js';

export interface OldNoise {
  current(): Noise;
  /** Learns from two runs of the old side that should have been the same. */
  learn(first: Outcome, second: Outcome): void;
}

export function openOldNoise(): OldNoise {
  let known: Noise = { paths: new Set(), columns: new Set(), tables: new Set() };
  return {
    current: () => known,
    learn(first, second) {
      const { paths, columns, tables } = findNoise(first, second);
      known = {
        paths: new Set([...known.paths, ...paths]),
        columns: new Set([...known.columns, ...columns]),
        tables: new Set([...known.tables, ...tables]),
      };
    },
  };
}
