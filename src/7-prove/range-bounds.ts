/** Bounds of loops over integers are kept small, or the loop would not end before its deadline. */
import type { BodyFacts } from './body-facts.js';
import type { Choice } from './case-arguments.js';

const farthest = 1000;

export function withNearBounds(
  choices: readonly Choice[],
  { rangeParameters }: BodyFacts,
): readonly Choice[] {
  return choices.map((choice) => {
    if (!rangeParameters.includes(choice.shape.position)) return choice;
    const { hits, miss, edges } = choice;
    const near = hits.filter(isNear);
    return {
      ...choice,
      hits: near.length === 0 ? ['1'] : near,
      miss: isNear(miss) ? miss : '7',
      edges: edges.filter(isNear),
    };
  });
}

/** What is no number ends before the loop begins. */
function isNear(text: string | null): boolean {
  return !(Math.abs(Number(text)) > farthest);
}
