/** Marks inside of expressions: the arms of CASE … END and both sides of COALESCE, at any depth. */
import { counterSchema, type Marks } from './mark-branches.js';

export function markExpressions(marks: Marks): void {
  const statements = statementCases(marks);
  for (let at = 0; at < marks.tokens.length; at += 1) {
    if (marks.word(at) === 'coalesce' && marks.word(at + 1) === '(') markCoalesce(marks, at);
    if (marks.word(at) === 'case' && marks.word(at - 1) !== 'end' && !statements.has(at)) markCase(marks, at);
  }
}

/** Sides are told apart by a function that gives its argument back. */
function markCoalesce(marks: Marks, at: number): void {
  const first = at + 2;
  const end = argumentEnd(marks, first);
  if (marks.word(end) !== ',' || /^('|null$)/.test(marks.word(first))) return;
  const given = marks.counter();
  const missing = marks.counter();
  marks.branch(given, 'COALESCE gives its first', at, 'hit');
  marks.branch(missing, 'COALESCE gives another', at, 'hit');
  marks.before(first, `${counterSchema}.seen(${String(given)}, `);
  marks.after(end - 1, ')');
}

function argumentEnd(marks: Marks, from: number): number {
  let depth = 0;
  for (let at = from; at < marks.tokens.length; at += 1) {
    const text = marks.word(at);
    if (depth === 0 && (text === ',' || text === ')')) return at;
    if (text === '(' || text === '[') depth += 1;
    if (text === ')' || text === ']') depth -= 1;
  }
  return marks.tokens.length;
}

interface Arm {
  readonly keyword: string;
  readonly at: number;
}

function markCase(marks: Marks, at: number): void {
  const parts = ownKeywords(marks, at);
  const [first] = parts;
  if (first === undefined || parts.at(-1)?.keyword !== 'end') return;
  const subject = first.at === at + 1 ? null : marks.text(at + 1, first.at);
  // A subject with marks or a query of its own is not repeated in every arm.
  if (subject !== null && /\b(case|select|coalesce)\b/i.test(subject)) return;
  if (subject !== null) marks.replace(at + 1, first.at, '');
  parts.forEach(({ keyword, at: place }, index) => {
    const then = parts[index + 1];
    if (keyword === 'when' && then !== undefined) {
      marks.after(place, subject === null ? ' (' : ` ((${subject}) = (`);
      marks.before(then.at, `${subject === null ? ')' : '))'} AND ${marks.count('CASE arm', place)} `);
    }
  });
  const last = parts.find(({ keyword }) => keyword === 'else') ?? parts.at(-1);
  if (last === undefined) return;
  const otherwise = marks.count('CASE without an arm', last.at);
  marks.before(last.at, ` WHEN NOT (${otherwise}) THEN NULL `);
}

/** WHEN, THEN, ELSE and END of one CASE, those of nested ones left out. */
function ownKeywords(marks: Marks, from: number): readonly Arm[] {
  const found: Arm[] = [];
  let depth = 0;
  for (let at = from + 1; at < marks.tokens.length; at += 1) {
    const text = marks.word(at);
    if (text === 'case' || text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
    else if (depth > 0 && text === 'end') depth -= 1;
    else if (depth === 0 && /^(when|then|else|end)$/.test(text)) {
      found.push({ keyword: text, at });
      if (text === 'end') return found;
    }
    if (depth < 0) return [];
  }
  return [];
}

/** CASE statements of PL/pgSQL are closed by END CASE. */
function statementCases(marks: Marks): ReadonlySet<number> {
  const open: number[] = [];
  const found = new Set<number>();
  for (let at = 0; at < marks.tokens.length; at += 1) {
    if (marks.word(at) === 'case' && marks.word(at - 1) !== 'end') open.push(at);
    if (marks.word(at) === 'end' && !/^(if|loop)$/.test(marks.word(at + 1))) {
      const own = open.at(-1);
      const closesCase = marks.word(at + 1) === 'case';
      if (own === undefined) continue;
      if (closesCase) found.add(own);
      if (closesCase || marks.word(at + 1) !== ';' || !beginsBlock(marks, own, at)) open.pop();
    }
  }
  return found;
}

/** Is this END that of a block which began after the CASE? */
function beginsBlock(marks: Marks, from: number, to: number): boolean {
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    if (marks.word(at) === 'begin') depth += 1;
    if (marks.word(at) === 'end' && marks.word(at + 1) === ';') depth -= 1;
  }
  return depth > 0;
}
