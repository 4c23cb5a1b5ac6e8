/** Helpers of array variables, which travel as PostgreSQL's text of an array (PostgreSQL manual, 8.15.2 and 8.15.6). */
import type { SupportFunction } from './support-source.js';

export const arraySupport: Readonly<Record<string, SupportFunction>> = {
  ArrayParts: {
    text: `/** An array taken apart: the items as they are written, in the order in which they are stored, and each dimension. */
interface ArrayParts {
  readonly items: readonly string[];
  readonly lengths: readonly number[];
  readonly lowerBounds: readonly number[];
}`,
    imports: {},
    needs: [],
  },
  arrayParts: {
    text: `/** Reads what PostgreSQL writes for an array: {1,2}, {{a},{"b c"}} or [0:1]={NULL,2}. */
function arrayParts(text: string): ArrayParts {
  const bounds = text.startsWith('[') ? text.slice(0, text.indexOf('=') + 1) : '';
  const body = text.slice(bounds.length);
  const isPlainList = !/.[{"]/s.test(body) && body !== '{}';
  const items: string[] = isPlainList ? body.slice(1, -1).split(',') : [];
  const opened = isPlainList ? [1] : [];
  let depth = 0;
  for (const [token] of isPlainList ? [] : body.matchAll(/"(?:[^"\\\\]|\\\\.)*"|[{}]|[^"{},]+/gs)) {
    if (token === '{') opened[depth] = (opened[depth++] ?? 0) + 1;
    else if (token === '}') depth -= 1;
    else items.push(token);
  }
  if (items.length === 0) return { items, lengths: [], lowerBounds: [] };
  const lengths = opened.map((count, at) => (opened[at + 1] ?? items.length) / count);
  const lows = [...bounds.matchAll(/\\[(-?\\d+):/g)].map(([, low]) => Number(low));
  return { items, lengths, lowerBounds: lengths.map((_, at) => lows[at] ?? 1) };
}`,
    imports: {},
    needs: ['ArrayParts'],
  },
  arrayText: {
    text: `function arrayText({ items, lengths, lowerBounds }: ArrayParts): string {
  const bounds = lengths.map((length, at) => \`[\${lowerBounds[at]}:\${(lowerBounds[at] ?? 1) + length - 1}]\`);
  let level = items;
  for (const length of [...lengths].reverse()) {
    const rows: string[] = [];
    for (let at = 0; at < level.length; at += length) rows.push(\`{\${level.slice(at, at + length).join(',')}}\`);
    level = rows;
  }
  const body = level[0] ?? '{}';
  return lowerBounds.every((low) => low === 1) ? body : \`\${bounds.join('')}=\${body}\`;
}`,
    imports: {},
    needs: ['ArrayParts'],
  },
  subscript: {
    text: `/** Where an element is assigned, which must not be NULL. */
export function subscript(value: number | null): number {
  if (value === null) throw new RoutineError('22004', 'array subscript in assignment must not be null');
  return value;
}`,
    imports: {},
    needs: ['RoutineError'],
  },
  withElement: {
    text: `/** The array with one element assigned; a list grows to hold it, and what is between becomes NULL. */
export function withElement(
  array: string | null,
  at: number | readonly number[],
  value: string | number | boolean | null,
): string {
  const subscripts = typeof at === 'number' ? [at] : at;
  const text = String(value);
  const isPlain = value === null || /^(?!null$)[\\w.-]+$/i.test(text);
  const item = value === null ? 'NULL' : isPlain ? text : \`"\${text.replace(/["\\\\]/g, '\\\\$&')}"\`;
  const parts = arrayParts(array ?? '{}');
  if (parts.items.length === 0) {
    // Only a list grows; a variable that is NULL takes any number of dimensions.
    if (array !== null && subscripts.length > 1) throw new RoutineError('2202E', 'array subscript out of range');
    return arrayText(sized({ items: [item], lengths: subscripts.map(() => 1), lowerBounds: subscripts }));
  }
  const { lengths, lowerBounds } = parts;
  if (lengths.length !== subscripts.length) throw new RoutineError('2202E', 'wrong number of array subscripts');
  const offsets = subscripts.map((each, dimension) => each - (lowerBounds[dimension] ?? 1));
  const [offset = 0] = offsets;
  if (lengths.length === 1 && offset < 0) {
    sized({ items: [], lengths: [parts.items.length - offset], lowerBounds: subscripts });
    const between = Array.from({ length: -offset - 1 }, () => 'NULL');
    const items = [item, ...between, ...parts.items];
    return arrayText({ items, lengths: [items.length], lowerBounds: subscripts });
  }
  if (lengths.length === 1) {
    const length = Math.max(parts.items.length, offset + 1);
    sized({ items: [], lengths: [length], lowerBounds });
    const items = Array.from({ length }, (_, index) => (index === offset ? item : (parts.items[index] ?? 'NULL')));
    return arrayText({ items, lengths: [length], lowerBounds });
  }
  if (offsets.some((each, dimension) => each < 0 || each >= (lengths[dimension] ?? 0))) {
    throw new RoutineError('2202E', 'array subscript out of range');
  }
  const place = offsets.reduce((before, each, dimension) => before * (lengths[dimension] ?? 1) + each, 0);
  return arrayText({ ...parts, items: parts.items.map((each, index) => (index === place ? item : each)) });
}`,
    imports: {},
    needs: ['RoutineError', 'arrayParts', 'arrayText', 'sized'],
  },
  withSlice: {
    text: `/** The array with a part of it assigned, item by item; a list grows to hold it. Null is a bound that is left out. */
export function withSlice(
  array: string | null,
  bounds: readonly (readonly [lower: number | null, upper: number | null])[],
  source: string | null,
): string {
  if (source === null) return array ?? '{}';
  const given = [...arrayParts(source).items];
  const parts = arrayParts(array ?? '{}');
  if (parts.items.length === 0) return arrayText(madeOfSlice(bounds, given));
  const [low = 1] = parts.lowerBounds;
  const isList = parts.lengths.length === 1;
  if (parts.lengths.length < bounds.length) throw new RoutineError('2202E', 'wrong number of array subscripts');
  const ranges = parts.lengths.map((length, dimension) => {
    const least = parts.lowerBounds[dimension] ?? 1;
    const [lower, upper] = bounds[dimension] ?? [null, null];
    const range = { from: lower ?? least, to: upper ?? least + length - 1 };
    if (range.from > range.to) throw new RoutineError('2202E', 'upper bound cannot be less than lower bound');
    if (!isList && (range.from < least || range.to >= least + length)) {
      throw new RoutineError('2202E', 'array subscript out of range');
    }
    return range;
  });
  const [{ from, to } = { from: 1, to: 1 }] = isList ? ranges : [];
  const first = isList ? Math.min(low, from) : low;
  const length = isList ? Math.max(low + parts.items.length - 1, to) - first + 1 : 0;
  const grown = isList ? sized({ items: [], lengths: [length], lowerBounds: [first] }) : parts;
  const wanted = ranges.reduce((product, range) => product * (range.to - range.from + 1), 1);
  if (given.length < wanted) throw new RoutineError('2202E', 'source array too small');
  const old = isList ? Array.from({ length }, (_, at) => parts.items[at + first - low] ?? 'NULL') : parts.items;
  const items = old.map((item, index) => {
    let rest = index;
    const isInside = [...grown.lengths.keys()].reverse().map((dimension) => {
      const size = grown.lengths[dimension] ?? 1;
      const place = (rest % size) + (grown.lowerBounds[dimension] ?? 1);
      rest = Math.floor(rest / size);
      const range = ranges[dimension];
      return range !== undefined && place >= range.from && place <= range.to;
    });
    return isInside.every(Boolean) ? (given.shift() ?? 'NULL') : item;
  });
  return arrayText({ ...grown, items });
}`,
    imports: {},
    needs: ['RoutineError', 'arrayParts', 'arrayText', 'madeOfSlice', 'sized'],
  },
  madeOfSlice: {
    text: `/** What an assignment to a part of an empty array makes of it. */
function madeOfSlice(bounds: readonly (readonly [number | null, number | null])[], given: readonly string[]): ArrayParts {
  const tooLarge = 'array size exceeds the maximum allowed (134217727)';
  const lengths = bounds.map(([lower, upper]) => {
    if (lower === null || upper === null) {
      throw new RoutineError('2202E', 'array slice subscript must provide both boundaries', {
        detail: 'When assigning to a slice of an empty array value, slice boundaries must be fully specified.',
      });
    }
    if (upper - lower > 2147483646 || upper - lower < -2147483648) throw new RoutineError('54000', tooLarge);
    return upper - lower + 1;
  });
  if (lengths.some((length) => length < 0)) throw new RoutineError('54000', tooLarge);
  sized({ items: [], lengths, lowerBounds: [] });
  const size = lengths.reduce((product, length) => product * length, 1);
  if (given.length < size) throw new RoutineError('2202E', 'source array too small');
  if (size === 0) return { items: [], lengths: [], lowerBounds: [] };
  return sized({ items: given.slice(0, size), lengths, lowerBounds: bounds.map(([lower]) => lower ?? 1) });
}`,
    imports: {},
    needs: ['ArrayParts', 'RoutineError', 'sized'],
  },
  sized: {
    text: `/** An array as large as PostgreSQL allows. */
function sized(parts: ArrayParts): ArrayParts {
  const length = parts.lengths.reduce((product, each) => product * each, 1);
  if (length > 134217727) throw new RoutineError('54000', 'array size exceeds the maximum allowed (134217727)');
  const low = parts.lowerBounds.find((each, at) => each + (parts.lengths[at] ?? 0) > 2147483647);
  if (low !== undefined) throw new RoutineError('54000', \`array lower bound is too large: \${low}\`);
  return parts;
}`,
    imports: {},
    needs: ['ArrayParts', 'RoutineError'],
  },
  arraySlices: {
    text: `/** The parts of an array that have so many of its last dimensions, each an array, for a loop over them. */
export function arraySlices(array: string | null, dimensions: number): readonly string[] {
  if (array === null) throw new RoutineError('22004', 'FOREACH expression must not be null');
  const { items, lengths, lowerBounds } = arrayParts(array);
  const first = lengths.length - dimensions;
  if (first < 0) {
    const range = \`0..\${lengths.length}\`;
    throw new RoutineError('2202E', \`slice dimension (\${dimensions}) is out of the valid range \${range}\`);
  }
  const own = { lengths: lengths.slice(first), lowerBounds: lowerBounds.slice(first) };
  const length = own.lengths.reduce((product, each) => product * each, 1);
  return Array.from({ length: items.length / length }, (_, at) =>
    arrayText({ ...own, items: items.slice(at * length, (at + 1) * length) }),
  );
}`,
    imports: {},
    needs: ['RoutineError', 'arrayParts', 'arrayText'],
  },
};
