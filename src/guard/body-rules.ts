/** The rules that need `--db`: what a statement reaches in the database. */
import { bodyIdentity } from './body-identity.js';
import { bodySessionState } from './body-session-state.js';
import { bodyVolatility } from './body-volatility.js';
import type { Rule } from './finding.js';
import { missingGrant } from './missing-grant.js';
import { procedureCommits } from './procedure-commits.js';
import { searchPath } from './search-path.js';
import { silentOverload } from './silent-overload.js';

export const bodyRules: readonly Rule[] = [
  bodySessionState,
  bodyIdentity,
  bodyVolatility,
  missingGrant,
  silentOverload,
  searchPath,
  procedureCommits,
];
