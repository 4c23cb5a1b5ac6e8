/** An unqualified name that means one thing or another by the search path of whoever runs it. */
import { bodyRule, type BodyFact } from './bodies/body-rule.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { candidatesFor, namesakes } from './bodies/candidates.js';
import { nameOf, relationFor, type Reached } from './bodies/reach.js';

export const searchPath = bodyRule({
  id: 'search-path',
  title: 'The search path decides what a name means',
  help: 'Write the schema: `"billing"."close_month"(…)`. Give a routine a path of its own with ALTER FUNCTION … SET search_path = …, pg_temp.',
  judge: ({ site, reached, database }) => {
    // PostgREST writes the schema.
    const [root, ...bodies] = reached;
    return [
      ...(root === undefined || site.form !== 'text' ? [] : ofStatement(root, database)),
      ...bodies.flatMap((one) => ofBody(one, database)),
    ];
  },
});

function ofStatement(root: Reached, database: BodyDatabase): readonly BodyFact[] {
  return root.reading.calls.flatMap((call): BodyFact[] => {
    if (call.schema !== null || database.catalog.builtins.has(call.name)) return [];
    const schemas = [...new Set(namesakes(database, call).map(({ schema }) => schema))];
    if (schemas.length === 0) return [];
    const [taken] = candidatesFor(database, call, database.searchPath);
    const path = database.searchPath.filter((one) => !one.startsWith('pg_')).join(', ');
    if (taken === undefined) {
      const what = `\`${call.name}\` is in schema ${schemas.join(', ')}, which is not on the search path of ${database.role.name} (${path}): the call fails (42883)`;
      return [{ reached: root, line: null, what }];
    }
    const others = schemas.filter((one) => one !== taken.routine.schema);
    if (others.length === 0) return [];
    const what = `\`${call.name}\` is in ${schemas.join(' and ')}; with the search path ${path} the one of ${taken.routine.schema} runs, and no error says so when the path is another`;
    return [{ reached: root, line: null, what }];
  });
}

/** Names of a body that has no search path of its own. */
function ofBody(one: Reached, database: BodyDatabase): readonly BodyFact[] {
  const { routine, reading } = one;
  if (routine === null || routine.configuration.some((entry) => /^search_path=/i.test(entry))) return [];
  if (routine.sqlBody !== null) return [];
  const names = [
    ...reading.relations
      .filter(({ schema }) => schema === null)
      .flatMap((use) => {
        const relation = relationFor(database, use, one.searchPath);
        const also = database.catalog.relations.filter(({ name }) => name === use.name);
        return relation === null ? [] : [{ name: nameOf(relation), line: use.line, also }];
      }),
    ...reading.calls
      .filter(({ schema, name }) => schema === null && !database.catalog.builtins.has(name))
      .flatMap((call) => {
        const [found] = candidatesFor(database, call, one.searchPath);
        return found === undefined
          ? []
          : [{ name: nameOf(found.routine), line: call.line, also: namesakes(database, call) }];
      }),
  ];
  const [first] = names;
  if (routine.securityDefiner && first !== undefined)
    return [
      {
        reached: one,
        line: first.line,
        what: `it is SECURITY DEFINER without a search path of its own: the caller's path decides that \`${first.name.split('.')[1] ?? ''}\` is ${first.name}, and a temporary table or a schema of the caller's can take its place`,
      },
    ];
  return names.flatMap(({ name, line, also }): BodyFact[] => {
    const schemas = [...new Set(also.map(({ schema }) => schema))].filter((schema) =>
      one.searchPath.includes(schema),
    );
    if (schemas.length < 2) return [];
    const what = `\`${name.split('.')[1] ?? ''}\` is in ${schemas.join(' and ')}, and the caller's search path decides for ${name}`;
    return [{ reached: one, line, what }];
  });
}
