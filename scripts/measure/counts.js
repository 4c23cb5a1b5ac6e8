/** Counts by what they are of, as a table. */

/** Most frequent first; what belongs to one project by name is counted under its construct. */
export function counts(all, called, keyOf) {
  if (all.length === 0) return ['None.'];
  const tally = new Map();
  for (const outcome of all) add(outcome, 0);
  for (const outcome of called) add(outcome, 1);
  function add(outcome, index) {
    const key = general(keyOf(outcome));
    const row = tally.get(key) ?? [0, 0];
    row[index] += 1;
    tally.set(key, row);
  }
  const rows = [...tally].sort(([a, x], [b, y]) => y[0] - x[0] || (a < b ? -1 : 1));
  return [
    '| what | all | called |',
    '| --- | ---: | ---: |',
    ...rows.map(([key, [every, some]]) => `| ${key.replaceAll('|', '\\|')} | ${every} | ${some} |`),
  ];
}

/** Names of a project's own objects are no construct. */
function general(text) {
  return text
    .replace(/a call of the routine \S+/, 'a call of another routine')
    .replace(/^(.*table-not-in-schema): .*/, '$1')
    .replace(/^(not-called: [a-z-]+): .*(\(\w{5}\))$/, '$1 $2')
    .replace(/(?:the )?\brelation [\w.]+$/, 'a relation')
    .replace(/a value for \S+, which/, 'a value for a variable which')
    .replace(/(^|: )\S+, whose value is not known here/, '$1a variable whose value is not known here')
    .replace(/the whole row \S+ as a value/, 'a whole row as a value')
    .replace(/the row \S+, which is/, 'a row which is')
    .replace(/TS2769: .*/, 'TS2769: No overload matches this call.')
    .replace(/'[^']{40,}'/g, '…')
    .replace(/\b\S+\.\S+ twice in one query builder/, 'a table twice in one query builder')
    .replace(/\s+/g, ' ');
}

export function share(part, whole) {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
