/** All rules, in the order in which they are documented. Adding one: its file, a line here, its fixtures, its page. */
import { callArgument } from './call-argument.js';
import { clientNotReleased } from './client-not-released.js';
import { dateUndefined } from './date-undefined.js';
import { dlqNoAlarm } from './dlq-no-alarm.js';
import { eqNull } from './eq-null.js';
import { errorCode } from './error-code.js';
import type { Rule } from './finding.js';
import { jsonbStringify } from './jsonb-stringify.js';
import { namedPrepare } from './named-prepare.js';
import { poolNoGuards } from './pool-no-guards.js';
import { poolPerRequest } from './pool-per-request.js';
import { queryNotAwaited } from './query-not-awaited.js';
import { rawRoutineCall } from './raw-routine-call.js';
import { resultShape } from './result-shape.js';
import { retryNonIdempotent } from './retry-non-idempotent.js';
import { sessionState } from './session-state.js';
import { swallowInTx } from './swallow-in-tx.js';
import { txAwaitIo } from './tx-await-io.js';
import { txOuterDb } from './tx-outer-db.js';
import { txRaw } from './tx-raw.js';
import { whereUndefined } from './where-undefined.js';

export const rules: readonly Rule[] = [
  rawRoutineCall,
  txOuterDb,
  queryNotAwaited,
  txAwaitIo,
  txRaw,
  swallowInTx,
  clientNotReleased,
  poolPerRequest,
  poolNoGuards,
  namedPrepare,
  sessionState,
  callArgument,
  resultShape,
  errorCode,
  retryNonIdempotent,
  whereUndefined,
  dateUndefined,
  eqNull,
  jsonbStringify,
  dlqNoAlarm,
];
