/** Bodies of PL/pgSQL routines. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Block } from './body.js';
import { nameLookup, searchPathOf } from './name-lookup.js';
import type { ParsingBody } from './parsing-body.js';
import { compilePlpgsql } from './plpgsql-compile.js';
import type { PlpgsqlContext, VariableDraft } from './plpgsql-context.js';
import { declareVariable } from './plpgsql-context.js';
import { calledOuts } from './plpgsql-call.js';
import { buildBlock } from './plpgsql-control.js';
import { assignedDatums } from './plpgsql-targets.js';
import type { Meaning, NameScope } from './plpgsql-variables.js';
import { argumentMeanings } from './plpgsql-variables.js';
import type { BodyRefusal } from './refusal.js';
import type { RoutineNames } from './statement-context.js';

export function parsePlpgsqlBody(routine: Routine, catalog: Catalog): ParsingBody | readonly BodyRefusal[] {
  const path = searchPathOf(routine, catalog);
  const lookup = nameLookup(catalog, path);
  const compiled = compilePlpgsql(routine, lookup);
  if ('message' in compiled) return [{ id: 'body-parse-error', detail: compiled.message, line: null }];

  const { datums, action } = compiled.function;
  const variables: VariableDraft[] = [];
  const outs = calledOuts(action, lookup);
  const called = datums.flatMap((raw, datum) => (outs.has(raw.name) ? [datum] : []));
  const positional = argumentMeanings(
    routine,
    new Set([...assignedDatums(action, datums), ...called]),
    (variable) => declareVariable({ variables }, variable),
    lookup,
  );
  const assigned = variables
    .filter((variable) => variable.origin === 'declared')
    .map((variable) => variable.id);
  const found = declareVariable(
    { variables },
    {
      name: 'found',
      origin: 'found',
      type: 16,
      typmod: -1,
      constant: false,
      notNull: false,
      default: null,
      line: 0,
    },
  );
  const meanings = new Map<number, Meaning>(positional.entries());
  const names = new Map<string, Meaning>([['found', { kind: 'variable', variable: found }]]);
  routine.arguments.forEach((argument, index) => {
    const meaning = positional[index];
    if (argument.name !== null && meaning) names.set(argument.name, meaning);
  });
  const foundDatum = datums.findIndex((raw) => raw.name === 'found' && raw.kind === 'var' && raw.line === 0);
  meanings.set(foundDatum, { kind: 'variable', variable: found });

  const context: PlpgsqlContext = {
    routine,
    catalog,
    lookup,
    loginLookup: path.join() === catalog.searchPath.join() ? null : nameLookup(catalog, catalog.searchPath),
    conflict: conflictOf(routine.source),
    compiled,
    source: Buffer.from(routine.source),
    meanings,
    positional,
    variables,
    units: [],
    refusals: [],
    shapes: new Map(),
    openSections: new Set(compiled.sections),
    defaults: [],
    nextToken: 0,
  };
  const scope: NameScope = { parent: null, label: routine.name, names };
  const outer = buildBlock(context, scope, action);
  if (context.refusals.length > 0) return context.refusals;
  return {
    units: context.units,
    finish: () => {
      for (const write of context.defaults) write();
      const block = unwrapped(outer());
      return { kind: 'plpgsql', variables, block: { ...block, declares: [...assigned, ...block.declares] } };
    },
  };
}

/** The compiler wraps a labelled body, or one with handlers, in a block that nobody wrote. */
function unwrapped(block: Block): Block {
  const [only, ...others] = block.statements;
  const invented = block.line === 0 && block.declares.length === 0 && block.handlers.length === 0;
  return invented && only?.kind === 'block' && others.length === 0 ? only : block;
}

/** `#variable_conflict` stands before the outermost block (PostgreSQL manual, 41.11.1). */
function conflictOf(source: string): RoutineNames['conflict'] {
  const option = /^\s*#\s*variable_conflict\s+(\w+)/im.exec(source)?.[1]?.toLowerCase();
  if (option === 'use_column') return 'column';
  return option === 'use_variable' ? 'variable' : 'error';
}
