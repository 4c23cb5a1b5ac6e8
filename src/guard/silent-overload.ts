/** A call whose arguments have no type of their own, of a name that several routines have. */
import { signatureOf } from '../2-find/resolve-candidates.js';
import { bodyRule } from './bodies/body-rule.js';
import { candidatesFor, chooseOverload } from './bodies/candidates.js';

export const silentOverload = bodyRule({
  id: 'silent-overload',
  title: 'Untyped arguments choose among overloads',
  help: 'Name the arguments and cast each to its declared type: `pay(id => ${id}::text::uuid, amount => ${amount}::text::numeric)`.',
  judge: ({ site, reached, database }) => {
    const [root] = reached;
    if (root === undefined || site.form !== 'text') return [];
    return site.reading.calls.flatMap((call) => {
      const choice = chooseOverload(candidatesFor(database, call, root.searchPath), call, database.catalog);
      if (choice === null || choice.kind === 'one') return [];
      const names = (list: readonly Parameters<typeof signatureOf>[0][]): string =>
        list.map((routine) => signatureOf(routine, database.catalog)).join(' and ');
      const what =
        choice.kind === 'ambiguous'
          ? `the arguments of \`${call.name}\` have no type of their own and fit ${names(choice.routines)}: PostgreSQL refuses the call (42725)`
          : `the arguments of \`${call.name}\` have no type of their own: PostgreSQL silently runs ${names([choice.routine])}, also where ${names(choice.others)} is meant`;
      return [{ reached: root, line: null, what }];
    });
  },
});
