/**
 * Marks of PL/pgSQL: both sides of IF, arms of CASE, loops entered or not, handlers, FOUND or not. PL/pgSQL
 * ends an expression at the first keyword that may follow it outside of parentheses (its grammar, pl_gram.y,
 * does the same), so the extent of each statement is known from the tokens alone.
 */
import type { Marks } from './mark-branches.js';

export function markStatements(marks: Marks): void {
  const reader: Reader = { marks, at: 0 };
  while (marks.word(reader.at) === '#') reader.at += 3;
  statement(reader);
}

interface Reader {
  readonly marks: Marks;
  at: number;
}

const closers = new Set(['end', 'else', 'elsif', 'elseif', 'when', 'exception', '']);

function statements(reader: Reader): void {
  while (!closers.has(word(reader))) statement(reader);
}

function statement(reader: Reader): void {
  const first = reader.at;
  if (word(reader) === '<<') reader.at += 3;
  switch (word(reader)) {
    case 'declare':
    case 'begin':
      return block(reader);
    case 'if':
      return ifStatement(reader);
    case 'case':
      return caseStatement(reader);
    case 'loop':
    case 'while':
    case 'for':
    case 'foreach':
      return loop(reader, first);
    case 'exit':
    case 'continue':
      return leave(reader);
    default:
      return plain(reader);
  }
}

function block(reader: Reader): void {
  skipTo(reader, 'begin');
  reader.at += 1;
  statements(reader);
  if (word(reader) === 'exception') {
    reader.at += 1;
    while (word(reader) === 'when') {
      const start = reader.at;
      skipTo(reader, 'then');
      enter(reader, `handler ${reader.marks.text(start + 1, reader.at).toLowerCase()}`, start);
      statements(reader);
    }
  }
  skipTo(reader, ';');
  reader.at += 1;
}

function ifStatement(reader: Reader): void {
  const { marks } = reader;
  let keyword = 'IF';
  for (;;) {
    const start = reader.at;
    skipTo(reader, 'then');
    enter(reader, `${keyword} is true`, start);
    statements(reader);
    if (!/^els(e|)if$/.test(word(reader))) break;
    keyword = 'ELSIF';
  }
  if (word(reader) === 'else') {
    enter(reader, 'ELSE', reader.at);
    statements(reader);
  } else {
    marks.before(reader.at, `ELSE ASSERT ${marks.count(`${keyword} is not true`, reader.at)}; `);
  }
  skipTo(reader, ';');
  reader.at += 1;
}

function caseStatement(reader: Reader): void {
  reader.at += 1;
  skipTo(reader, 'when');
  while (word(reader) === 'when') {
    const start = reader.at;
    skipTo(reader, 'then');
    enter(reader, 'CASE arm', start);
    statements(reader);
  }
  if (word(reader) === 'else') {
    enter(reader, 'CASE ELSE', reader.at);
    statements(reader);
  }
  skipTo(reader, ';');
  reader.at += 1;
}

function loop(reader: Reader, first: number): void {
  const { marks } = reader;
  const kind = word(reader);
  const start = reader.at;
  skipTo(reader, 'loop');
  if (kind === 'while') {
    const condition = marks.text(start + 1, reader.at);
    const skipped = marks.count('WHILE not entered', start);
    marks.before(first, `IF (${condition}) IS NOT TRUE THEN ASSERT ${skipped}; END IF; `);
  }
  if (kind === 'loop') reader.at += 1;
  else enter(reader, `${kind.toUpperCase()} entered`, start);
  statements(reader);
  skipTo(reader, ';');
  if (kind === 'for' || kind === 'foreach') {
    const skipped = marks.count(`${kind.toUpperCase()} not entered`, start);
    marks.after(reader.at, ` IF NOT FOUND THEN ASSERT ${skipped}; END IF;`);
  }
  reader.at += 1;
}

function leave(reader: Reader): void {
  const { marks } = reader;
  const start = reader.at;
  const kind = word(reader).toUpperCase();
  skipTo(reader, ';');
  const when = [start + 1, start + 2].find((at) => marks.word(at) === 'when');
  if (when !== undefined) {
    marks.after(when, ' (');
    marks.before(reader.at, `) AND ${marks.count(`${kind} WHEN is true`, start)}`);
    marks.after(reader.at, ` ASSERT ${marks.count(`${kind} WHEN is not true`, start)};`);
  }
  reader.at += 1;
}

const aggregates =
  /^(count|sum|avg|min|max|array_agg|string_agg|jsonb?_agg|jsonb?_object_agg|bool_or|bool_and|every)$/;

function plain(reader: Reader): void {
  const { marks } = reader;
  const start = reader.at;
  const [first, second] = [marks.word(start), marks.word(start + 1)];
  skipTo(reader, ';');
  const outer = outerWords(marks, start, reader.at);
  const aggregate = outer.some((name) => aggregates.test(name)) && !outer.includes('group');
  const rows = outer.includes('from') && !aggregate && !/\binto\s+strict\b/.test(outer.join(' '));
  const skips = outer.includes('nothing') || (outer.includes('conflict') && outer.includes('where'));
  const sets =
    first === 'update' ||
    first === 'delete' ||
    (first === 'insert' && (skips || outer.includes('select'))) ||
    ((first === 'select' || first === 'perform' || first === 'with') && rows) ||
    (first === 'return' && second === 'query');
  if (sets) {
    const name = first === 'return' ? 'RETURN QUERY' : first.toUpperCase();
    const found = marks.count(`${name} found`, start);
    const writes = first === 'update' || first === 'delete';
    const unseen = (writes || first === 'perform') && !isSeen(marks, outer);
    if (unseen || (writes && isLocked(marks, start, outer))) {
      marks.after(reader.at, ` IF FOUND THEN ASSERT ${found}; END IF;`);
    } else {
      const missing = marks.count(`${name} not found`, start);
      marks.after(reader.at, ` IF FOUND THEN ASSERT ${found}; ELSE ASSERT ${missing}; END IF;`);
    }
  }
  reader.at += 1;
}

/**
 * Can the body tell whether the statement found a row? Not to find one is a branch of the body only where it
 * reads FOUND or ROW_COUNT, or what RETURNING gave; often a foreign key makes it impossible besides.
 */
function isSeen({ tokens }: Marks, outer: readonly string[]): boolean {
  return outer.includes('into') || tokens.some(({ text }) => /^(found|row_count)$/i.test(text));
}

/**
 * Does an earlier statement lock rows of the table that this one writes? Rows that are locked FOR UPDATE do not
 * go away before the end of the transaction (PostgreSQL manual, 13.3.2), so that not to find them is no branch.
 */
function isLocked(marks: Marks, start: number, outer: readonly string[]): boolean {
  const table = outer[outer[0] === 'delete' ? 2 : 1];
  if (table === undefined) return false;
  for (let at = 1; at < start; at += 1) {
    const locks = marks.word(at) === 'update' && /^(for|key)$/.test(marks.word(at - 1));
    if (!locks) continue;
    for (let back = at; back > 0 && marks.word(back) !== ';'; back -= 1) {
      if (marks.word(back) === table && /^(from|join|only|,|\.)$/.test(marks.word(back - 1))) return true;
    }
  }
  return false;
}

/** Words of a statement outside of parentheses. */
function outerWords(marks: Marks, from: number, to: number): readonly string[] {
  const words: string[] = [];
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    const text = marks.word(at);
    if (text === '(' || text === '[') depth += 1;
    else if (text === ')' || text === ']') depth -= 1;
    else if (depth === 0) words.push(text);
  }
  return words;
}

/** Leaves the reader behind THEN, ELSE or LOOP, where the mark stands. */
function enter(reader: Reader, what: string, start: number): void {
  reader.marks.after(reader.at, ` ASSERT ${reader.marks.count(what, start)};`);
  reader.at += 1;
}

function word(reader: Reader): string {
  return reader.marks.word(reader.at);
}

/** To the next such word outside of parentheses, or to the end. */
function skipTo(reader: Reader, target: string): void {
  let depth = 0;
  for (; reader.at < reader.marks.tokens.length; reader.at += 1) {
    const text = word(reader);
    if (depth === 0 && text === target) return;
    if (text === '(' || text === '[') depth += 1;
    if (text === ')' || text === ']') depth -= 1;
  }
}
