/** What the text of a CHECK constraint says of a column, or of the VALUE of a domain. */
import { likeText, regexText } from './pattern-texts.js';

export function mentions(check: string, column: string): boolean {
  return new RegExp(subject(column)).test(check);
}

/** String constants, and numbers with their neighbours, of a constraint's text. */
export function literalsOf(check: string): string[] {
  const strings = [...check.matchAll(/'((?:[^']|'')*)'/g)].map((match) => unquoted(match[1] ?? ''));
  const numbers = [...check.replace(/'(?:[^']|'')*'/g, '').matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)]
    .map((match) => Number(match[0]))
    .flatMap((value) => [String(value + 1), String(value), String(value - 1)]);
  return [...strings, ...numbers];
}

/**
 * Texts that the constraints may take: what their patterns match, texts of the lengths that they ask for, and their
 * literals. Those that a pattern or a length refuses are left out; what else a constraint says is not looked at.
 */
export function textsTaken(checks: readonly string[], column: string): readonly string[] {
  const own = checks.filter((check) => mentions(check, column));
  const tests = own.flatMap((check) => [
    ...patternsOf(check, column),
    ...lengthsOf(check, column),
    ...exceptionsOf(check, column),
  ]);
  const made = [...tests.flatMap(({ texts }) => texts), ...own.flatMap(literalsOf)];
  const strict = own.every((check) => !/\bOR\b/i.test(check));
  return [...new Set(made)].filter((text) => !strict || tests.every(({ takes }) => takes(text)));
}

interface TextTest {
  readonly texts: readonly string[];
  takes(text: string): boolean;
}

function patternsOf(check: string, column: string): readonly TextTest[] {
  const found = check.matchAll(
    new RegExp(String.raw`${subject(column)}\)?(?:::[a-z ]+)?\)? (!?)(~~?)(\*?) '((?:[^']|'')*)'`, 'g'),
  );
  return [...found].map(([, not, operator, anyCase, quoted]): TextTest => {
    const pattern = unquoted(quoted ?? '');
    const like = operator === '~~';
    const turns = [0, 1, 2, 3, 4, 5];
    const texts = like
      ? ['a', 'bc', '', 'a 1'].map((any) => likeText(pattern, any))
      : turns.flatMap((turn) => regexText(pattern, turn) ?? []);
    const test = expression(like ? likeExpression(pattern) : pattern, anyCase === '*' ? 'isu' : 'su');
    const positive = not === '';
    return {
      texts: positive ? texts : [],
      takes: (text) => test === null || test.test(text) === positive,
    };
  });
}

function lengthsOf(check: string, column: string): readonly TextTest[] {
  const found = check.matchAll(
    new RegExp(
      String.raw`\b(?:char_|character_|octet_)?length\((?:btrim\()?\(?${subject(column)}\)?(?:::text)?\)?\)? (>=|<=|>|<|=|<>) (\d+)`,
      'g',
    ),
  );
  return [...found].map(([, operator = '', bound]): TextTest => {
    const limit = Number(bound);
    return {
      texts: [limit, limit - 1, limit + 1]
        .filter((length) => length >= 0 && length <= 1000)
        .map((length) => 'abcdefghij'.repeat(Math.ceil(length / 10)).slice(0, length)),
      takes: (text) => compared([...text].length, operator, limit),
    };
  });
}

function exceptionsOf(check: string, column: string): readonly TextTest[] {
  const found = check.matchAll(
    new RegExp(String.raw`${subject(column)}\)?(?:::[a-z ]+)?\)? <> '((?:[^']|'')*)'`, 'g'),
  );
  return [...found].map(([, excepted]): TextTest => ({
    texts: [],
    takes: (text) => text !== unquoted(excepted ?? ''),
  }));
}

function compared(value: number, operator: string, limit: number): boolean {
  if (operator === '=') return value === limit;
  if (operator === '<>') return value !== limit;
  if (operator.startsWith('>')) return operator === '>=' ? value >= limit : value > limit;
  return operator === '<=' ? value <= limit : value < limit;
}

function subject(column: string): string {
  return String.raw`(?<!\w)"?${column.replace(/[^\w]/g, '.')}"?(?!\w)`;
}

function likeExpression(pattern: string): string {
  const body = pattern.replace(/\\(.)|[%_]|[.*+?^${}()|[\]\\/]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return /\w/.test(escaped) ? escaped : `\\${escaped}`;
    if (found === '%') return '.*';
    return found === '_' ? '.' : `\\${found}`;
  });
  return `^${body}$`;
}

/** Null where JavaScript reads the pattern otherwise or not at all. */
function expression(pattern: string, flags: string): RegExp | null {
  if (/\[\[|\\[mMyYAZ]/.test(pattern)) return null;
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}
