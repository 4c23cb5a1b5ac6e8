/** JavaScript values to send, by the data type of the columns that take them. */

const scalars = {
  string: ['', '12', 'ok', '2024-03-10T03:30:00Z', '10.0.0.1', '101'],
  number: [1, 1.5, Number.NaN, 2 ** 53, 1e21],
  boolean: [true, false],
  bigint: [5n, 10n ** 30n],
  // In the time zone of the test this is the day before, and no driver sends the last one.
  date: [new Date('2024-03-10T03:30:00.123Z'), new Date(Number.NaN)],
  json: [{ a: 1 }, 'x', '{"a":1}', 7, true],
  buffer: [Buffer.from('ab')],
  custom: ['abc', '[1,2)'],
} as const;

/** Values of one data type of Drizzle, and null. */
export function ownValues(dataType: string): readonly unknown[] {
  const own: Readonly<Record<string, readonly unknown[] | undefined>> = { ...scalars, array: [[1, 2]] };
  return [null, ...(own[dataType] ?? [])];
}

/** One of every kind but arrays. */
export const anyValues: readonly unknown[] = [
  '12', 1, true, 5n, scalars.date[0], { a: 1 }, scalars.buffer[0],
]; // prettier-ignore
