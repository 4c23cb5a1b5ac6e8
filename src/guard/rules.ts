/** All rules, in the order in which they are documented. Adding one: its file, a line here, its fixtures, its page. */
import type { Rule } from './finding.js';
import { queryNotAwaited } from './query-not-awaited.js';
import { txAwaitIo } from './tx-await-io.js';
import { txOuterDb } from './tx-outer-db.js';

export const rules: readonly Rule[] = [txOuterDb, queryNotAwaited, txAwaitIo];
