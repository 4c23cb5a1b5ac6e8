/** Ends one attempt at a translation; caught in translate-*.ts, which tries the next form or refuses by name. */
import type { Routine } from '../1-read/catalog.js';
import { placeReason } from '../4-classify/place-reason.js';
import { reasons, type ReasonId } from '../reasons.js';
import type { NoDraft } from './draft.js';

export class Untranslatable extends Error {
  constructor(
    readonly reason: ReasonId,
    readonly detail: string,
    /** Of the step that is refused. */
    readonly line: number | null = null,
  ) {
    super(`${reason}: ${detail}`);
    this.name = 'Untranslatable';
  }
}

/** The refusal of a whole body, with the line that caused it. */
export function noDraft({ reason, detail, line }: Untranslatable, routine: Routine): NoDraft {
  if (reasons[reason].level === 'site') return { kind: 'none', reason, detail };
  return { kind: 'none', reason, ...placeReason({ detail, line }, routine) };
}

/** For what no statement form can say. */
export function unsupported(construct: string): never {
  throw new Untranslatable('unsupported', construct);
}
