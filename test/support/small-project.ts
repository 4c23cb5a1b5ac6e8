/** A small project on Drizzle and node-postgres in a folder of its own, for runs of the compiled command. */
import { projectFolder, type ProjectFolder } from './project-folder.js';

export const smallSql = `
CREATE TABLE accounts (id integer PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL DEFAULT 0);
INSERT INTO accounts VALUES (1, 'ada', 10), (2, 'bob', 20);
CREATE FUNCTION rename_account(p_id integer, p_owner text) RETURNS void LANGUAGE sql AS $$
  UPDATE accounts SET owner = p_owner WHERE id = p_id
$$;
CREATE FUNCTION close_account(p_id integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM accounts WHERE id = p_id;
END $$;
`;

const manifest = JSON.stringify({ name: 'small', private: true, type: 'module' });
const tsconfig = JSON.stringify({
  compilerOptions: {
    strict: true,
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    skipLibCheck: true,
    noEmit: true,
  },
  include: ['src'],
});

export const smallFiles = {
  'package.json': manifest,
  'tsconfig.json': tsconfig,
  'schema.sql': smallSql,
  'src/schema.ts': `import { integer, pgTable, text } from 'drizzle-orm/pg-core';

export const accounts = pgTable('accounts', {
  id: integer('id').primaryKey(),
  owner: text('owner').notNull(),
  balance: integer('balance').notNull().default(0),
});
`,
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
export const db = drizzle(pool);
`,
  'src/service.ts': `import { sql } from 'drizzle-orm';
import { db } from './db.js';

export async function renameAccount(id: number, owner: string): Promise<void> {
  await db.execute(sql\`SELECT rename_account(\${id}, \${owner})\`);
}
`,
} as const;

/** The files above with others added or in their place; null leaves one out. */
export function smallProject(changes: Readonly<Record<string, string | null>> = {}): ProjectFolder {
  const files = Object.entries({ ...smallFiles, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return projectFolder(Object.fromEntries(files));
}
