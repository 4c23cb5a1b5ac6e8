/** A Supabase project on a real server: what Supabase provides, its requests, and the keys and tokens for them. */
import { supabaseBase } from '../../src/io/supabase-base.js';
import { signToken } from './postgrest/read-claims.js';
import { servePostgrest, type PostgrestServer } from './postgrest/serve-postgrest.js';

const secret = 'super-secret-jwt-token-with-at-least-32-characters';

/** Roles belong to the server, on which another database may have made them. */
export const supabaseSql = supabaseBase.replace(
  /^CREATE ROLE (\w+)[^;]*;/gm,
  (statement, role: string) =>
    `DO $$ BEGIN IF to_regrole('${role}') IS NULL THEN ${statement} END IF; END $$;`,
);

/** The variables that a service of the project reads, and the tokens of two customers. */
export interface SupabaseEnvironment extends Readonly<Record<string, string>> {
  readonly SUPABASE_URL: string;
  readonly SUPABASE_SERVICE_ROLE_KEY: string;
  readonly SUPABASE_ANON_KEY: string;
}

export async function serveSupabase(
  databaseUrl: string,
  customers: Readonly<Record<string, string>>,
): Promise<PostgrestServer & { readonly env: SupabaseEnvironment }> {
  const server = await servePostgrest(databaseUrl, {
    maxRows: 1000,
    roles: { anonymous: 'anon', secret },
  });
  const tokens = Object.entries(customers).map(([name, sub]) => [
    name,
    signToken({ role: 'authenticated', sub }, secret),
  ]);
  const env = {
    SUPABASE_URL: server.url,
    SUPABASE_SERVICE_ROLE_KEY: signToken({ role: 'service_role' }, secret),
    SUPABASE_ANON_KEY: signToken({ role: 'anon' }, secret),
    ...(Object.fromEntries(tokens) as Record<string, string>),
  };
  return { ...server, env };
}
