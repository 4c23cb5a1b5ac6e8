/** One kind of mutant that no input can tell from the translation. */

export interface Equivalent {
  /** Names of operators. */
  readonly operators: readonly string[];
  /** Parts of the ids of pairs, each looked at by itself; left out: what is said holds for every pair. */
  readonly ids?: readonly string[];
  /** What stood there and what stands there now. */
  readonly was?: RegExp;
  readonly is?: RegExp;
  /** What the statement round it must hold. */
  readonly statement?: RegExp;
  /** A test of that statement that no pattern makes. */
  readonly within?: (statement: string) => boolean;
  /** The cases must have taken every branch, so that the order of what is sent was looked at in each. */
  readonly complete?: true;
  /** What the whole mutant must and must not hold. */
  readonly holds?: RegExp;
  readonly lacks?: RegExp;
  /** JavaScript must not compute with the argument whose guard is dropped. */
  readonly notComputedWith?: true;
  /** The rule of PostgreSQL that makes it so: a section of the manual, or a constant of its source. */
  readonly why: string;
}
