/** `||` for `??` before what is never 0, false or an empty text. */
import type { Equivalent } from './equivalent.js';

const operators = ['|| for ??'];
const label = 'an enum is sent as its label (manual, 8.7), and none of these is empty';
const digit =
  'numeric is sent as text, which has a digit at least (manual, 8.1.2), so that no value of it is falsy';
const braces =
  'an array is sent as a text with its braces (manual, 8.15.6) or read as an object, neither of which is falsy';
const padded =
  'character(n) is padded to its n characters (manual, 8.3) and bit(n) has n digits (manual, 8.10), so that neither is empty';

export const falsyValues: readonly Equivalent[] = [
  { operators, was: /\.tags \?\? null$/, why: braces },
  { operators, ids: ['assign-document/settings'], was: /tags \?\? null$/, why: braces },
  { operators, ids: ['assign-element/field'], was: /^list\?\.(tags|sizes) \?\? null$/, why: braces },
  { operators, ids: ['return-row/documents'], was: /\.state \?\? null$/, why: label },
  { operators, ids: ['assign-enum/state'], was: /old \?\? null$/, why: label },
  { operators, ids: ['out-parameters/branches'], was: /leftOver \?\? null$/, why: digit },
  { operators, was: /\?\.(balance|amount) \?\? (null|'<NULL>')$/, why: digit },
  { operators, ids: ['character/padded'], was: /^code\?\.(code|flags) \?\? null$/, why: padded },
  { operators, ids: ['assign-character/code'], was: /^code3\?\.(before|short) \?\? null$/, why: padded },
  {
    operators,
    was: /\w \?\? 0$/,
    why: 'an integer (manual, 8.1.1) is falsy only where it is 0, and 0 || 0 is 0',
  },
  {
    operators,
    was: /rowCount \?\? 0$/,
    why: '0 || 0 is 0, and CommandComplete of a write always carries a count (manual, 55.7)',
  },
  {
    operators,
    was: /^row \?\? \{/,
    why: 'a row (manual, 7.5) is read as an object, which is never falsy',
  },
  {
    operators,
    was: /\?\.toJSON\(\) \?\? null$/,
    why: 'the text of a moment has digits (manual, 8.5.1), so that none is falsy',
  },
  {
    operators,
    ids: ['whole-row/report'],
    was: /^account\?\.result \?\? null$/,
    why: 'a row as JSON with a field is an object (manual, 9.16), which is never falsy',
  },
  {
    operators,
    ids: ['assign-document/settings', 'expressions/documents'],
    was: /settings \?\? null$/,
    statement: /^let \w+: string \| null = /,
    why: 'the text of a JSON value has a character at least (manual, 8.14), so that none is falsy',
  },
  {
    operators,
    ids: ['insert-values/left-to-default', 'storefront src/services/orders.ts'],
    was: /^(upload\?\.newId|order\?\.order) \?\? null$/,
    why: 'the sequence of an identity column begins at 1 and never gives 0 (manual, CREATE SEQUENCE, MINVALUE)',
  },
  {
    operators,
    ids: ['assign-domain/positive'],
    was: /new_ \?\? null$/,
    why: 'the CHECK of the domain leaves out 0 (manual, 8.18)',
  },
  {
    operators,
    ids: ['assign-domain/missing-row'],
    was: /^account2\?\.kind \?\? null$/,
    why: 'the CHECK of the domain leaves out the empty text (manual, 8.18)',
  },
  {
    operators,
    ids: ['transactions/one-last-write'],
    was: /^credit \?\? '<NULL>'$/,
    why: 'only NULL and what is less than 0 come there, and RAISE shows NULL as <NULL> (manual, 41.9.1)',
  },
  {
    operators,
    ids: ['return-row/touch'],
    was: /^account\?\.active \?\? null$/,
    statement: /^return \[\{ id: account\?\.id \?\? null/,
    why: 'the branch is taken where it IS NULL (manual, 9.2), so that both give NULL',
  },
  {
    operators,
    ids: ['locked-row/written-between'],
    was: /^account2\?\.note \?\? null$/,
    why: 'the UPDATE before it has set the locked row to a text that ends in a mark (manual, 13.3.2)',
  },
  {
    operators,
    ids: ['strict-in-block/none-or-many'],
    was: /^owner \?\? 'unset'$/,
    why: 'INTO STRICT that finds several rows sets nothing (manual, 41.5.3), so that the variable is NULL there',
  },
];
