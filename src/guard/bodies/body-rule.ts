/** A rule on what a statement reaches in the database: facts about bodies become one problem a place. */
import type { ts } from 'ts-morph';
import type { Problem, Rule } from '../finding.js';
import { remember, type ProgramFacts } from '../facts/program-facts.js';
import type { BodyDatabase } from './body-database.js';
import { databaseSites, type DatabaseSite } from './database-sites.js';
import { reach, type Reached } from './reach.js';

export interface BodyFact {
  readonly reached: Reached;
  /** 1-based line of its text; null for the statement itself. */
  readonly line: number | null;
  /** A sentence without its period: what is there and what it does. */
  readonly what: string;
}

export interface BodyContext {
  readonly site: DatabaseSite;
  /** The statement itself first. */
  readonly reached: readonly Reached[];
  readonly database: BodyDatabase;
  readonly facts: ProgramFacts;
  readonly file: ts.SourceFile;
}

export interface BodyRule {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  judge(context: BodyContext): readonly BodyFact[];
}

/** Without a database the rule finds nothing. */
export function bodyRule({ id, title, help, judge }: BodyRule): Rule {
  return {
    id,
    severity: 'error',
    title,
    *check({ file, facts }): Iterable<Problem> {
      const { database } = facts;
      if (database === null) return;
      for (const site of databaseSites(facts, file)) {
        const reached = remember(facts, 'reached', site, () => reach(database, site.reading));
        const found = judge({ site, reached, database, facts, file });
        if (found.length > 0) yield { node: site.node, message: messageOf(found, database), help };
      }
    },
  };
}

const shown = 3;

function messageOf(found: readonly BodyFact[], database: BodyDatabase): string {
  const sentences = [...new Set(found.map((fact) => sentenceOf(fact, database)))];
  const more = sentences.length - shown;
  return [...sentences.slice(0, shown), ...(more > 0 ? [`And ${String(more)} more.`] : [])].join(' ');
}

function sentenceOf({ reached, line, what }: BodyFact, database: BodyDatabase): string {
  const { path, routine } = reached;
  if (path.length === 0) return `${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
  const way = path.length > 1 ? ` (reached by ${path.join(' → ')})` : '';
  if (routine === null || line === null) return `${path.at(-1) ?? ''}: ${what}${way}.`;
  const place = database.definedAt(routine, line);
  const name = `${routine.schema}.${routine.name}`;
  return `${name}, line ${String(line)} of its body${place === null ? '' : ` (${place})`}: ${what}${way}.`;
}
