/**
 * The extensions that SQL files want and the embedded server lacks: which failures they explain, and the routines
 * that are lost or cannot be run without them.
 */
import type { FileStatement } from '../sql/split-statements.js';
import type { PostgresError } from './database.js';
import { missingExtension, schemasOfExtensions } from './embedded-limits.js';
import { isEmbeddable } from './pglite-extensions.js';

export interface MissingExtensions {
  /** Told of every statement before it is run, also of those that are left out. */
  see(statement: FileStatement): void;
  /** What the statement that failed needs, in words for a note; null where no missing extension explains it. */
  explain(statement: FileStatement, failure: PostgresError): string | null;
  /** For each extension the routines that it costs, when there are some. */
  sentences(): string[];
}

/** `provided`: extensions whose objects were made in another way. */
export function missingExtensions(provided: readonly string[]): MissingExtensions {
  const wanted = new Set<string>();
  const leftOut = new Set<string>();
  const costs = new Map<string, Set<string>>();
  const cost = (extension: string, routine: string): void => {
    costs.set(extension, (costs.get(extension) ?? new Set()).add(routine));
  };
  return {
    see({ kind, extension, creates, text }) {
      const lacks = extension !== null && !isEmbeddable(extension) && !provided.includes(extension);
      if (kind === 'CreateExtensionStmt' && lacks) wanted.add(extension);
      if (kind !== 'CreateFunctionStmt' || creates === null) return;
      for (const [, schema = ''] of text.matchAll(/\b(\w+)\s*\.\s*\w+/g)) {
        const used = schemasOfExtensions[schema];
        if (used !== undefined && wanted.has(used)) cost(used, creates);
      }
    },
    explain({ kind, creates }, failure) {
      const named = missingExtension(failure.message);
      const lost = /^(?:relation|type) "(?:\w+\.)?(\w+)"/.exec(failure.message)?.[1] ?? '';
      const unknown = failure.sqlstate === undefinedObject || failure.sqlstate === undefinedFunction;
      // What an extension with a schema of its own makes is named with that schema.
      const others = [...wanted].filter((one) => !Object.values(schemasOfExtensions).includes(one));
      const explained = (others.length > 0 && unknown) || leftOut.has(lost);
      if (named === null && !explained) return null;
      if (creates !== null) leftOut.add(creates);
      const extensions = named === null ? others : [named];
      for (const extension of kind === 'CreateFunctionStmt' && creates !== null ? extensions : [])
        cost(extension, creates ?? '');
      return extensions.length > 0 ? `extension ${extensions.join(' or ')}` : 'what was left out before';
    },
    sentences: () =>
      [...costs].map(([extension, routines]) => {
        const several = routines.size > 1 ? 'routines' : 'routine';
        return `extension ${extension}, which is missing here, costs the ${several} ${[...routines].join(', ')}`;
      }),
  };
}

/** PostgreSQL manual, appendix A. */
const undefinedObject = '42704';
const undefinedFunction = '42883';
