/** A finding as reports show it: its file as a person would type it. */
import type { Finding } from '../finding.js';

export interface ShownFinding extends Finding {
  /** From the working directory, with forward slashes. */
  readonly shownFile: string;
}
