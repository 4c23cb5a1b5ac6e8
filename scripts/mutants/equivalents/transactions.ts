/** Where losing the transaction, or the order of what is sent in it, changes nothing. */
import type { Equivalent } from './equivalent.js';

const noTransaction =
  'with no lock and no write before another statement, every statement of READ COMMITTED has a snapshot of its own anyway (manual, 13.2.1)';
const undivided =
  'the CHECK keeps the dividend from being negative, so that integer division fails with 22012 alone (manual, 9.3) and the handler of other data exceptions never runs';
const localSetting =
  'a setting that is local ends with the transaction (manual, SET), and nothing that runs in it reads one';

export const transactions: readonly Equivalent[] = [
  {
    operators: ['lose the transaction'],
    // A lock, another isolation level, a loop, SQL as text, two writes, or a write that something follows.
    lacks:
      /\.for\(|repeatable read|\b(for|while) \(|\.execute\(|(\.(insert|update|delete)\([^]*){2}|\.(insert|update|delete)\([^]*\b(throw|await)\b/,
    why: noTransaction,
  },
  {
    operators: ['lose the transaction'],
    complete: true,
    // What a routine in the SQL writes or locks is not seen in what is sent.
    lacks: /repeatable read|\bselect [\w.]+\(/i,
    why: noTransaction,
  },
  {
    ids: ['calls-routine/definer-stays'],
    operators: ['lose the transaction'],
    why: noTransaction,
  },
  {
    // Their loops only read, and what is written stands behind them.
    ids: [
      'for-range/computed-bounds',
      'foreach/constants',
      'for-query/found',
      'return-next/columns',
      'foreach/column',
    ],
    operators: ['lose the transaction'],
    lacks: /\.for\(|repeatable read|now\(\)|\.(insert|update|delete)\([^]*\b(throw|await)\b/,
    why: noTransaction,
  },
  {
    ids: ['foreach/numerics', 'foreach/dimensions'],
    operators: ['lose the transaction'],
    lacks: /\.(select|insert|update|delete)\(/,
    why: 'no statement reads or changes a row, so that there is nothing to undo and no snapshot to differ (manual, 13.2)',
  },
  {
    ids: ['handler-sqlstate/by-code'],
    operators: ['lose the transaction'],
    why: `${undivided}, so that one statement alone is sent, which is undone as a whole where it fails (manual, 3.4)`,
  },
  {
    ids: ['handler-sqlstate/by-code'],
    operators: [
      'wrong error code',
      'skip a statement',
      'drop a WHERE term',
      'another text',
      'another comparison',
      'the column instead of the variable',
    ],
    was: /22000|out of range|^_eq\(_accounts\.id, id\)$|^id$/,
    statement: /out of range|22000/,
    why: undivided,
  },
  {
    ids: ['raise-notice/computed'],
    operators: ['reverse the order of two statements'],
    was: /^await evaluate\(/,
    why: 'what was written before an error that leaves the function is undone with it (manual, 3.4)',
  },
  {
    ids: ['set-local/own-setting'],
    operators: ['skip a statement', 'another text', 'reverse the order of two statements'],
    statement: /set_config\('app\.\w+'/,
    why: localSetting,
  },
  {
    ids: ['set-local/own-setting'],
    operators: ['swap arguments'],
    was: /^args\.a2$/,
    is: /^args\.a1$/,
    why: `${localSetting}; its value may be any text`,
  },
];
