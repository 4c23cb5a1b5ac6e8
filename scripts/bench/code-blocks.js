/** Pieces of code of a service that has no call of a routine: each gives lines, of a noun and a number. */
import { routineNames } from './routine-calls.js';

const adjectives = ['active', 'archived', 'pending', 'overdue', 'duplicate', 'internal', 'partial', 'remote'];
const verbs = ['load', 'merge', 'update', 'collect', 'select', 'publish', 'delete', 'reconcile', 'format'];
const builtins = ['lower', 'coalesce', 'count', 'max', 'date_trunc', 'jsonb_build_object', 'array_agg'];

/** Blocks of any file. */
export const plainBlocks = [
  typesBlock,
  classBlock,
  functionsBlock,
  functionsBlock,
  parserBlock,
  tableBlock,
  handlerBlock,
  commentBlock,
];

export function typesBlock(random, noun, number) {
  const name = `${capital(noun)}${number}`;
  const fields = ['name', 'code', 'status', 'owner', 'region', 'currency', 'externalId', 'updatedBy'];
  return [
    `/** What the rest of the service knows of ${article(noun)} ${noun}. */`,
    `export interface ${name} {`,
    '  readonly id: number;',
    ...fields.slice(random.below(4)).map((field) => `  readonly ${field}: string;`),
    `  readonly tags: readonly string[];`,
    `  readonly createdAt: Date;`,
    '}',
    '',
    `export type ${name}Status = 'draft' | '${random.pick(adjectives)}' | 'closed';`,
    '',
    `export type ${name}Patch = Partial<Omit<${name}, 'id' | 'createdAt'>>;`,
  ];
}

export function classBlock(random, noun, number) {
  const name = `${capital(noun)}Registry${number}`;
  const verb = random.pick(verbs);
  return [
    `/** Keeps each ${noun} by its key, for as long as a request lasts. */`,
    `export class ${name} {`,
    `  private readonly known = new Map<string, { readonly seen: number; readonly weight: number }>();`,
    '',
    `  constructor(private readonly limit: number = ${100 + random.below(900)}) {}`,
    '',
    `  ${verb}(key: string, weight = ${1 + random.below(9)}): boolean {`,
    `    const before = this.known.get(key);`,
    `    if (before === undefined && this.known.size >= this.limit) {`,
    `      throw new RangeError(\`more than \${this.limit} entries of ${noun}\`);`,
    '    }',
    `    this.known.set(key, { seen: (before?.seen ?? 0) + 1, weight: (before?.weight ?? 0) + weight });`,
    `    return before === undefined;`,
    '  }',
    '',
    `  heaviest(): string | null {`,
    `    let found: string | null = null;`,
    `    let most = Number.NEGATIVE_INFINITY;`,
    `    for (const [key, { weight }] of this.known) {`,
    `      if (weight <= most) continue;`,
    `      found = key;`,
    `      most = weight;`,
    '    }',
    `    return found;`,
    '  }',
    '',
    `  get size(): number {`,
    `    return this.known.size;`,
    '  }',
    '}',
  ];
}

export function functionsBlock(random, noun, number) {
  const [adjective, verb] = [random.pick(adjectives), random.pick(verbs)];
  const name = `${verb}${capital(adjective)}${capital(noun)}${number}`;
  return [
    `export function ${name}(items: readonly { id: number; total: number; label: string }[], rate = 0.${1 + random.below(8)}) {`,
    `  const chosen = items.filter((item) => item.total > ${random.below(500)} && item.label !== '${adjective}');`,
    `  const sum = chosen.reduce((total, item) => total + item.total * rate, 0);`,
    `  // Rounding comes last, so that many small amounts do not add up to a cent that nobody owes.`,
    `  const rounded = Math.round(sum * 100) / 100;`,
    `  return {`,
    `    ids: chosen.map(({ id }) => id),`,
    `    text: \`\${chosen.length} of \${items.length} ${adjective} ${noun} entries, \${rounded.toFixed(2)} in all\`,`,
    `    total: rounded,`,
    '  };',
    '}',
  ];
}

export function parserBlock(random, noun, number) {
  const name = `parse${capital(noun)}Line${number}`;
  const separator = random.pick([',', ';', '|']);
  return [
    `const ${noun}Pattern${number} = /^(?<key>[\\w.-]+)\\s*[:=]\\s*(?<value>.*)$/u;`,
    '',
    `export function ${name}(line: string): { key: string; values: string[] } | null {`,
    `  const match = ${noun}Pattern${number}.exec(line.trim());`,
    `  if (match?.groups === undefined) return null;`,
    `  const { key = '', value = '' } = match.groups;`,
    `  const values = value.split('${separator}').map((one) => one.trim());`,
    `  switch (key) {`,
    `    case '${noun}':`,
    `    case '${noun}s':`,
    `      return { key: '${noun}', values: values.filter((one) => one !== '') };`,
    `    case 'comment':`,
    `      return null;`,
    `    default:`,
    `      return { key: key.toLowerCase(), values };`,
    '  }',
    '}',
  ];
}

export function tableBlock(random, noun, number) {
  const rows = Array.from({ length: 6 + random.below(20) }, (_, row) => {
    const label = `${capital(random.pick(adjectives))} ${noun} no. ${row + 1}`;
    return `  { code: '${noun.slice(0, 3).toUpperCase()}-${row + 1}', label: '${label}', weight: ${random.below(1000)} },`;
  });
  return [`export const ${noun}Codes${number} = [`, ...rows, '] as const;'];
}

export function handlerBlock(random, noun, number) {
  const wait = 50 * (1 + random.below(20));
  return [
    `/** Tries again a few times: the ${noun} service answers slowly after midnight. */`,
    `export async function with${capital(noun)}Retries${number}<T>(attempt: (round: number) => Promise<T>): Promise<T> {`,
    `  let last: unknown = null;`,
    `  for (let round = 1; round <= ${2 + random.below(5)}; round += 1) {`,
    `    try {`,
    `      return await attempt(round);`,
    `    } catch (error) {`,
    `      last = error;`,
    `      await new Promise((resolve) => setTimeout(resolve, round * ${wait}));`,
    '    }',
    '  }',
    `  throw new Error('The ${noun} service does not answer', { cause: last });`,
    '}',
  ];
}

export function commentBlock(random, noun, number) {
  return [
    '/*',
    ` * How ${article(noun)} ${noun} comes to an end. Values are taken from the contract with the first`,
    ` * partner, and update only when both sides agree; see section ${1 + random.below(30)} of it.`,
    ' *',
    ` * - an entry that is ${random.pick(adjectives)} is looked at once a day,`,
    ` * - one that is ${random.pick(adjectives)} is left alone until somebody asks,`,
    ' * - everything else goes to the list with the longest waiting time.',
    ' */',
    `export const ${noun}Rounds${number} = ${1 + random.below(12)};`,
  ];
}

/** Prose that names a routine: a comment, an error and a line for the log, none of which is a call. */
export function proseBlock(random, noun, number) {
  const [one, other] = [random.pick(routineNames), random.pick(routineNames)];
  return [
    `// Until 2021 this was done by ${one}() in the database; the rules of ${other} still hold here.`,
    `export function explain${capital(noun)}${number}(problem: string): never {`,
    `  console.warn('${one} has not been asked about this ${noun}');`,
    `  throw new Error(\`Call ${other}() before closing a ${noun}: \${problem}\`);`,
    '}',
  ];
}

/** Statements whose only calls are of functions that PostgreSQL has itself. */
export function sqlBlock(random, noun, number) {
  const [first, second] = [random.pick(builtins.slice(0, 4)), random.pick(['now', 'current_schema'])];
  return [
    `export async function count${capital(noun)}${number}(status: string): Promise<number> {`,
    `  const { rows } = await pool.query(`,
    `    'SELECT ${first}(status) AS value, ${second}() AS at FROM records WHERE lower(status) = $1',`,
    `    [status],`,
    `  );`,
    `  return rows.length;`,
    '}',
    '',
    `export async function touch${capital(noun)}${number}(id: number): Promise<void> {`,
    `  await db.execute(sql\``,
    `    UPDATE records`,
    `    SET updated_at = now(), status = coalesce(nullif(status, ''), '${random.pick(adjectives)}')`,
    `    WHERE id = \${id} AND EXISTS (SELECT 1 FROM agreements WHERE record_id = \${id})`,
    `  \`);`,
    '}',
  ];
}

/** A component, for files that end in .tsx. */
export function componentBlock(random, noun, number) {
  const name = `${capital(noun)}List${number}`;
  return [
    `export function ${name}({ items, onSelect }: { items: { id: number; label: string }[]; onSelect: (id: number) => void }) {`,
    `  const shown = items.slice(0, ${5 + random.below(50)});`,
    `  if (shown.length === 0) return <p className="empty">No ${noun} with these values</p>;`,
    `  return (`,
    `    <section aria-label="${noun}">`,
    `      <h2>{shown.length} entries</h2>`,
    `      <ul>`,
    `        {shown.map(({ id, label }) => (`,
    `          <li key={id}>`,
    `            <button type="button" onClick={() => onSelect(id)}>`,
    `              {label.trim() || 'unnamed'}`,
    `            </button>`,
    `          </li>`,
    `        ))}`,
    `      </ul>`,
    `    </section>`,
    `  );`,
    '}',
  ];
}

export function capital(word) {
  return `${word[0].toUpperCase()}${word.slice(1)}`;
}

function article(noun) {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}
