/**
 * The share of findings on public code that are right, a rule at a time: `node scripts/check-findings.js` reads
 * docs/check-findings.csv and prints a table. A rule with fewer than ten is unmeasured.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '..', 'docs', 'check-findings.csv');
const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n').map(readLine);
const expected = 'repository,commit,rule,file,line,verdict,why';
if (header.join() !== expected) throw new Error(`${path} must begin with ${expected}`);
const wrong = rows.filter(
  (row) => row.length !== 7 || !/^(?:true|false)$/.test(row[5]) || row[6].trim() === '',
);
if (wrong.length > 0) throw new Error(`Not a finding with a verdict and its reason: ${wrong[0].join()}`);

const rules = new Map();
for (const [repository, , rule, , , verdict] of rows) {
  const known = rules.get(rule) ?? { right: 0, all: 0, repositories: new Set() };
  known.all += 1;
  known.right += verdict === 'true' ? 1 : 0;
  known.repositories.add(repository);
  rules.set(rule, known);
}
console.log('| rule | findings | right | share | repositories |');
console.log('| --- | --- | --- | --- | --- |');
for (const [rule, { all, right, repositories }] of [...rules].sort((a, b) => b[1].all - a[1].all))
  console.log(
    `| ${rule} | ${all} | ${right} | ${all < 10 ? 'unmeasured' : share(right, all)} | ${repositories.size} |`,
  );
const right = rows.filter((row) => row[5] === 'true').length;
console.log(
  `| all | ${rows.length} | ${right} | ${share(right, rows.length)} | ${new Set(rows.map(([name]) => name)).size} |`,
);

function share(part, whole) {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** Fields in double quotes may hold commas and doubled quotes. */
function readLine(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? bare : quoted.replaceAll('""', '"'),
  );
}
