/**
 * The module with what it imports of `client.ts` taken from the database object that `run` is given: a name other
 * than `db` is the driver's own client. The module's text otherwise stays.
 */
export function onGivenClient(module: string): string {
  const found = /^import \{([^}]*)\} from '\.\/client\.js';$/m.exec(module);
  if (found === null || !module.includes('export async function run(')) return module;
  const names = (found[1] ?? '').split(',').flatMap((one) => {
    const [name = '', local = name] = one.trim().split(' as ');
    return name === '' ? [] : [{ local, value: name === 'db' ? 'given' : 'given.$client' }];
  });
  const body = module
    .replace(found[0], `let ${names.map(({ local }) => local).join(', ')};`)
    .replace('export async function run(', 'async function runOnClient(');
  const set = names.map(({ local, value }) => `  ${local} = ${value};\n`).join('');
  return `${body}\nexport async function run(given, args) {\n${set}  return runOnClient(given, args);\n}\n`;
}
