/** Why a routine has no body of ours. The same shape as the reasons of a verdict. */
import type { ReasonId } from '../reasons.js';

export interface BodyRefusal {
  readonly id: ReasonId;
  /** The construct, object or message that it is about. */
  readonly detail: string;
  /** 1-based line of the routine's source, or null. */
  readonly line: number | null;
}
