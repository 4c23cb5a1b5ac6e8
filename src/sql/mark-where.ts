/** Marks of SQL statements: what each WHERE finds, and conflicts of INSERT. */
import { counting, type Marks } from './mark-branches.js';

const afterWhere =
  /^(group|having|window|union|intersect|except|order|limit|offset|fetch|for|returning|on|;)$/;

export function markWhere(marks: Marks): void {
  for (let at = 0; at < marks.tokens.length; at += 1) {
    const text = marks.word(at);
    if (text === 'where' && !isOfFilter(marks, at) && !isOfConflict(marks, at)) where(marks, at);
    if (text === 'do' && marks.word(at + 1) === 'update') conflictUpdate(marks, at);
    if (text === 'do' && marks.word(at + 1) === 'nothing') conflictNothing(marks, at);
  }
}

function where(marks: Marks, at: number): void {
  const end = clauseEnd(marks, at + 1, afterWhere);
  const counter = marks.counter();
  marks.branch(counter, 'WHERE finds a row', at, 'hit');
  marks.branch(counter, 'WHERE finds none', at, 'miss');
  marks.after(at, ' (');
  marks.after(end - 1, `) AND ${counting(counter)}`);
}

function conflictUpdate(marks: Marks, at: number): void {
  const end = clauseEnd(marks, at + 2, /^(returning|where|;)$/);
  const counter = marks.counter();
  conflictBranches(marks, counter, at);
  if (marks.word(end) === 'where') {
    const last = clauseEnd(marks, end + 1, /^(returning|;)$/);
    marks.after(end, ` ${counting(counter)} AND (`);
    marks.after(last - 1, ')');
  } else marks.after(end - 1, ` WHERE ${counting(counter)}`);
}

/** An update that its own condition forbids counts and changes nothing; it wants a target. */
function conflictNothing(marks: Marks, at: number): void {
  if (marks.word(at - 1) === 'conflict') return;
  let into = at;
  while (into > 0 && marks.word(into) !== 'into') into -= 1;
  while (into < at && marks.word(into) !== '(') into += 1;
  const column = marks.tokens[into + 1]?.text;
  if (into >= at || column === undefined) return;
  const counter = marks.counter();
  conflictBranches(marks, counter, at);
  marks.replace(at, at + 2, `DO UPDATE SET ${column} = excluded.${column} WHERE NOT (${counting(counter)})`);
}

function conflictBranches(marks: Marks, counter: number, at: number): void {
  marks.branch(counter, 'ON CONFLICT met', at, 'hit');
  marks.branch(counter, 'ON CONFLICT not met', at, 'miss');
}

/** Where a clause ends: before such a word outside of parentheses, or before the parenthesis that closes it. */
function clauseEnd(marks: Marks, from: number, closing: RegExp): number {
  let depth = 0;
  for (let at = from; at < marks.tokens.length; at += 1) {
    const text = marks.word(at);
    if (depth === 0 && (text === ')' || (closing.test(text) && !isWithinTest(marks, at)))) return at;
    if (text === '(' || text === '[') depth += 1;
    if (text === ')' || text === ']') depth -= 1;
  }
  return marks.tokens.length;
}

/** `IS DISTINCT FROM` and the like hold none of the closing words; `x.order` would. */
function isWithinTest(marks: Marks, at: number): boolean {
  return marks.word(at - 1) === '.';
}

function isOfFilter(marks: Marks, at: number): boolean {
  return marks.word(at - 1) === '(' && marks.word(at - 2) === 'filter';
}

/** `ON CONFLICT (…) WHERE …` and the WHERE of DO UPDATE. */
function isOfConflict(marks: Marks, at: number): boolean {
  let depth = 0;
  for (let back = at - 1; back >= 0; back -= 1) {
    const text = marks.word(back);
    if (text === ')') depth += 1;
    if (text === '(') depth -= 1;
    if (depth < 0 || text === ';') return false;
    if (depth === 0 && text === 'conflict') return true;
    if (depth === 0 && /^(select|from|using)$/.test(text)) return false;
  }
  return false;
}
