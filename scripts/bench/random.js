/** Numbers that only look random: the same seed gives the same tree on every machine. */

/** @param {number} seed an integer @returns {{ below(n: number): number, pick<T>(list: readonly T[]): T }} */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    // The mulberry32 generator: 32 bits of state, far more than a tree of files needs.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)] };
}
