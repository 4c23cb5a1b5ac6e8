/** Numbers that look random and are the same for the same seed (mulberry32). */

export interface Random {
  /** A whole number from 0 up to `limit`, which is left out; 0 for a limit of 0. */
  below(limit: number): number;
}

export function openRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
    },
  };
}
