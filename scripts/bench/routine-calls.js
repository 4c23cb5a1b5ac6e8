/** Calls of the collections project's routines, in the shapes that TypeScript code sends SQL in. */

/** What each routine takes, as a parameter of a TypeScript function and as SQL; what it gives. */
const routines = [
  { name: 'update_status', args: ['recordId', 'status'], gives: 'nothing' },
  { name: 'upsert_record', args: ['accountNumber', 'debtorName', 'phone'], gives: 'number' },
  { name: 'search_records', args: ['filters'], gives: 'rows' },
  { name: 'total_outstanding', args: ['recordId'], gives: 'string' },
  { name: 'apply_payment', args: ['agreementId', 'amount'], gives: 'nothing' },
  { name: 'recent_payments', args: ['agreementId', 'limit'], gives: 'rows' },
  { name: 'has_open_promise', args: ['agreementId'], gives: 'boolean' },
  { name: 'break_promises', args: ['today'], gives: 'number' },
  { name: 'schedule_call', args: ['recordId', 'collector', 'startsAt'], gives: 'number' },
  { name: 'collector_report', args: ['from', 'to'], gives: 'rows' },
  { name: 'log_contact_attempt', args: ['recordId', 'channel', 'note'], gives: 'boolean' },
  { name: 'enqueue_job', args: ['queue', 'payload'], gives: 'string' },
  { name: 'claim_jobs', args: ['queue', 'limit'], gives: 'rows' },
  { name: 'fail_job', args: ['jobId', 'error'], gives: 'string' },
  { name: 'purge_jobs', args: ['before'], gives: 'number' },
  { name: 'try_lock_queue', args: ['queue'], gives: 'boolean' },
];

const types = {
  recordId: ['number', 'integer'],
  agreementId: ['number', 'integer'],
  limit: ['number', 'integer'],
  filters: ['string', 'jsonb'],
  payload: ['string', 'jsonb'],
  amount: ['string', 'numeric'],
  today: ['string', 'date'],
  from: ['string', 'date'],
  to: ['string', 'date'],
  startsAt: ['string', 'timestamptz'],
  before: ['string', 'timestamptz'],
  jobId: ['string', 'bigint'],
  phone: ['string | null', 'text'],
  note: ['string | null', 'text'],
};

/** In the order in which calls are made of them, so that a few calls show all. */
const shapes = [templateCall, queryCall, transactionCall, objectCall];

export const routineNames = routines.map(({ name }) => name);

/**
 * The `index`th call: the lines of an exported function, with the line in it (from 0) and the column (from 0)
 * that the sending expression starts at.
 */
export function routineCall(index) {
  const routine = routines[index % routines.length];
  const shape = shapes[(index + Math.floor(index / routines.length)) % shapes.length];
  const lines = shape(routine, `${camel(routine.name)}${index}`);
  const line = lines.findIndex((one) => /\b(?:db|tx|pool)\.(?:execute|query)\b/.test(one));
  return { routine: routine.name, lines, line, column: lines[line].search(/\b(?:db|tx|pool)\./) };
}

function templateCall({ name, args, gives }, called) {
  const call = `${name}(${args.map((arg) => `\${${arg}}::${sqlType(arg)}`).join(', ')})`;
  if (gives === 'nothing') {
    return [`${head(called, args)}<void> {`, `  await db.execute(sql\`SELECT ${call}\`);`, '}'];
  }
  if (gives === 'rows') {
    return [
      `${head(called, args)}<unknown[]> {`,
      `  const { rows } = await db.execute(sql\`SELECT * FROM ${call}\`);`,
      '  return rows;',
      '}',
    ];
  }
  return [
    `${head(called, args)}<${gives}> {`,
    `  const { rows } = await db.execute<{ value: ${gives} }>(sql\`SELECT ${call} AS value\`);`,
    '  return rows[0].value;',
    '}',
  ];
}

function transactionCall({ name, args }, called) {
  const call = `${name}(${args.map((arg) => `\${${arg}}::${sqlType(arg)}`).join(', ')})`;
  return [
    `${head(called, args)}<void> {`,
    '  await executeTransaction(async (tx) => {',
    `    await tx.execute(sql\`SELECT ${call}\`);`,
    '  });',
    '}',
  ];
}

function queryCall({ name, args, gives }, called) {
  const values = args.map((arg, index) => `$${index + 1}::${sqlType(arg)}`).join(', ');
  const statement =
    gives === 'rows' ? `SELECT * FROM ${name}(${values})` : `SELECT ${name}(${values}) AS value`;
  const result = gives === 'rows' ? 'result.rows' : 'result.rows[0].value';
  return [
    `${head(called, args)}<unknown> {`,
    `  const result = await pool.query('${statement}', [${args.join(', ')}]);`,
    `  return ${result};`,
    '}',
  ];
}

function objectCall({ name, args, gives }, called) {
  const values = args.map((arg, index) => `$${index + 1}::${sqlType(arg)}`).join(', ');
  const from = gives === 'rows' ? '* FROM ' : '';
  return [
    `${head(called, args)}<unknown[]> {`,
    '  const answer = await pool.query({',
    `    text: 'SELECT ${from}${name}(${values})',`,
    `    values: [${args.join(', ')}],`,
    '  });',
    '  return answer.rows;',
    '}',
  ];
}

function head(called, args) {
  const parameters = args.map((arg) => `${arg}: ${types[arg]?.[0] ?? 'string'}`).join(', ');
  return `export async function ${called}(${parameters}): Promise`;
}

function sqlType(arg) {
  return types[arg]?.[1] ?? 'text';
}

function camel(name) {
  return name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}
