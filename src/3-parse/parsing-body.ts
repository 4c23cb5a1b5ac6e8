/** A body that is built but for what PostgreSQL has yet to say. */
import type { Body } from './body.js';
import type { StatementUnit } from './statement-unit.js';

export interface ParsingBody {
  readonly units: readonly StatementUnit[];
  /** To be called once the tasks of all units are settled. */
  readonly finish: () => Body;
}
