/**
 * The old side of a fixture whose routine reads the identity of its caller: `args.caller` is the token, `settings`
 * are others and `role` is the role, as they stand in the transaction of a request.
 */
export function onGivenCaller(text: string): string {
  const site = text.replace('export async function run(', 'async function asCaller(');
  if (!site.includes('async function asCaller('))
    throw new Error('The fixture exports no async function run');
  return `${site}
import { sql as text } from 'drizzle-orm';
export async function run(database, args) {
  const { caller = null, settings = {}, role } = args;
  const all = { ...settings, 'request.jwt.claims': caller === null ? '' : JSON.stringify(caller) };
  return database.transaction(async (tx) => {
    for (const [name, value] of Object.entries(all)) {
      await tx.execute(text\`select set_config(\${name}, \${value}, true)\`);
    }
    if (role !== undefined) await tx.execute(text.raw('set local role "' + role + '"'));
    return asCaller(tx, args);
  });
}
`;
}
