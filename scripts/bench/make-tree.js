/** A tree of TypeScript files like a service's, with a known number of calls of routines in it. */
import { capital, componentBlock, plainBlocks, proseBlock, sqlBlock } from './code-blocks.js';
import { randomFrom } from './random.js';
import { routineCall } from './routine-calls.js';

const nouns = [
  'invoice', 'customer', 'order', 'shipment', 'session', 'tenant', 'ticket', 'refund', 'coupon', 'warehouse',
  'carrier', 'contract', 'document', 'message', 'channel', 'campaign', 'segment', 'ledger', 'device', 'vehicle',
  'location', 'supplier', 'product', 'quote', 'audit', 'webhook', 'mandate', 'reminder', 'settlement', 'branch',
]; // prettier-ignore

/**
 * Texts by path below `src`, and where the calls are (`line` and `column` as `find` says them, from 1).
 * @param {{ seed: number, files: number, lines: number, calls: number }} size
 */
export function makeTree({ seed, files, lines, calls }) {
  const random = randomFrom(seed);
  const texts = new Map();
  const sites = [];
  const leaders = new Map();
  const leaderOf = (path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (!leaders.has(folder)) leaders.set(folder, path);
    return leaders.get(folder);
  };
  let written = 0;
  for (let index = 0; index < files; index += 1) {
    // The calls stand in files all over the tree, one in most, two where there are more calls than files.
    const own = share(calls, index, files);
    const path = pathOf(index, files);
    const even = Math.round((lines * (index + 1)) / files) - written;
    const last = index === files - 1;
    const wanted = last ? even : Math.max(20, Math.round(even * (0.4 + random.below(120) / 100)));
    const file = makeFile(random, { index, path, leader: leaderOf(path), own, wanted });
    texts.set(path, `${file.lines.join('\n')}\n`);
    sites.push(...file.sites.map((site) => ({ path, ...site })));
    written += file.lines.length;
  }
  return { texts, sites, lines: written };
}

/** The numbers of the calls that fall to one of the files. */
function share(calls, index, files) {
  const from = Math.floor((calls * index) / files);
  const to = Math.floor((calls * (index + 1)) / files);
  return Array.from({ length: to - from }, (_, one) => from + one);
}

function pathOf(index, files) {
  const noun = nouns[index % nouns.length];
  const area = Math.floor((index * 20) / files);
  // Components are no place for SQL, but the finder must read them too.
  return index % 7 === 3
    ? `area-${area}/${noun}/${noun}-list-${index}.tsx`
    : `area-${area}/${noun}/${noun}-${index}.ts`;
}

function makeFile(random, { index, path, leader, own, wanted }) {
  const noun = nouns[index % nouns.length];
  const sends = own.length > 0 || random.below(12) === 0;
  const blocks = path.endsWith('.tsx') ? [...plainBlocks, componentBlock, componentBlock] : plainBlocks;
  const lines = sends ? imports() : [`import { randomUUID } from 'node:crypto';`, ''];
  if (!sends) lines.push(`export const ${noun}Run = randomUUID();`, '');
  lines.push(...sharedKey(path, noun, leader), '');
  if (sends && own.length === 0) lines.push(...sqlBlock(random, noun, index), '');
  if (index % 50 === 11) lines.push(...proseBlock(random, noun, index), '');
  const sites = [];
  const after = Math.floor(wanted / 2);
  for (let number = 0; lines.length < wanted || sites.length < own.length; number += 1) {
    if (sites.length < own.length && lines.length >= after) {
      const call = routineCall(own[sites.length]);
      sites.push({ line: lines.length + call.line + 1, column: call.column + 1, routine: call.routine });
      lines.push(...call.lines, '');
    }
    lines.push(...random.pick(blocks)(random, noun, number), '');
  }
  lines.pop();
  return { lines, sites };
}

/** The first file of a folder declares what the others of the folder import from it. */
function sharedKey(path, noun, leader) {
  const name = `${capital(noun)}Key`;
  if (leader === path) return [`export type ${name} = \`${noun}:\${string}\`;`];
  const module = leader.replace(/^.*\//, './').replace(/\.tsx?$/, '.js');
  return [`import type { ${name} } from '${module}';`, '', `export const ${noun}Keys = new Set<${name}>();`];
}

function imports() {
  return [
    `import { sql } from 'drizzle-orm';`,
    `import { db, executeTransaction, pool } from '../../db/client.js';`,
    '',
  ];
}
