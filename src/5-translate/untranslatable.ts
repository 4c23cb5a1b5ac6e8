/** Ends one attempt at a translation; caught in translate-*.ts, which tries the next form or refuses by name. */
import type { ReasonId } from '../reasons.js';

export class Untranslatable extends Error {
  constructor(
    readonly reason: ReasonId,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
    this.name = 'Untranslatable';
  }
}

/** For what no statement form can say. */
export function unsupported(construct: string): never {
  throw new Untranslatable('unsupported', construct);
}
