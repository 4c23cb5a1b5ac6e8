/** Compiles a PL/pgSQL routine from what the catalog says of it, without the database. */
import type { Routine } from '../1-read/catalog.js';
import type { RawFunction } from '../sql/parse-body-plpgsql.js';
import { parsePlpgsqlText } from '../sql/parse-body-plpgsql.js';
import type { Token } from '../sql/parse-body-tokens.js';
import { scanTokens } from '../sql/parse-body-tokens.js';
import type { NameLookup } from './name-lookup.js';
import type { DeclareSection } from './plpgsql-declarations.js';
import { readDeclarations } from './plpgsql-declarations.js';
import type { VariableType } from './plpgsql-types.js';
import { compilerType, resolveVariableType, signatureType } from './plpgsql-types.js';

export interface CompiledPlpgsql {
  readonly function: RawFunction;
  readonly tokens: readonly Token[];
  readonly sections: readonly DeclareSection[];
  /** Real types of the declarations, by section and place. */
  readonly types: readonly (readonly VariableType[])[];
}

/** A refusal of the compiler is its message. */
export function compilePlpgsql(
  routine: Routine,
  lookup: NameLookup,
): CompiledPlpgsql | { readonly message: string } {
  const tokens = scanTokens(routine.source);
  if (!tokens) return { message: 'the body does not scan: a string or comment has no end' };
  const sections = readDeclarations(routine.source, tokens);
  const known = new Map<string, VariableType>();
  for (const argument of routine.arguments) {
    if (argument.name !== null) known.set(argument.name, { type: argument.type, typmod: -1 });
  }
  const types = sections.map((section) =>
    section.declarations.map((declaration): VariableType => {
      if (declaration.typeText === null) return { type: 1790, typmod: -1 };
      const type = resolveVariableType(declaration.typeText, lookup, (name) => known.get(name) ?? null);
      known.set(declaration.name, type);
      return type;
    }),
  );
  const parsed = parsePlpgsqlText(
    createText(routine, patched(routine.source, sections, types, lookup), lookup),
  );
  return parsed.ok ? { function: parsed.function, tokens, sections, types } : { message: parsed.message };
}

/** The source with the types that the compiler would misread replaced. */
function patched(
  source: string,
  sections: readonly DeclareSection[],
  types: readonly (readonly VariableType[])[],
  lookup: NameLookup,
): string {
  const bytes = Buffer.from(source);
  let at = 0;
  let text = '';
  sections.forEach((section, index) =>
    section.declarations.forEach((declaration, place) => {
      const type = types[index]?.[place];
      if (declaration.typeText === null || !type) return;
      text +=
        bytes.subarray(at, declaration.start).toString() + compilerType(declaration.typeText, type, lookup);
      at = declaration.end;
    }),
  );
  return text + bytes.subarray(at).toString();
}

function createText(routine: Routine, source: string, lookup: NameLookup): string {
  let tag = '$body$';
  while (source.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
  const modes = { in: '', out: 'OUT ', inout: 'INOUT ', variadic: 'VARIADIC ', table: '' } as const;
  const column = (argument: Routine['arguments'][number]): string =>
    `${argument.name === null ? '' : `"${argument.name.replaceAll('"', '""')}" `}${signatureType(argument.type, lookup)}`;
  const listed = routine.arguments.filter((argument) => argument.mode !== 'table');
  const signature = listed.map((argument) => modes[argument.mode] + column(argument)).join(', ');
  const table = routine.arguments.filter((argument) => argument.mode === 'table');
  const out = routine.arguments.filter((argument) => argument.mode === 'out' || argument.mode === 'inout');
  const name = `"${routine.name.replaceAll('"', '""')}"`;
  const kind = routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION';
  return `CREATE ${kind} ${name}(${signature})${returns()} LANGUAGE plpgsql AS ${tag}${source}${tag}`;

  function returns(): string {
    if (routine.kind === 'procedure') return '';
    if (table.length > 0) return ` RETURNS TABLE(${table.map(column).join(', ')})`;
    const [single] = out;
    if (single && !routine.returnsSet) return '';
    const type = single
      ? out.length > 1
        ? 'record'
        : signatureType(single.type, lookup)
      : signatureType(routine.returnType, lookup);
    return ` RETURNS ${routine.returnsSet ? 'SETOF ' : ''}${type}`;
  }
}
