/** What the proof's thread may know of the process, and how the process treats it. */

/** The environment without what could name a database or carry its password. */
export function harmlessEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name, value]) =>
        !/^PG|DATABASE|POSTGRES|SUPABASE/i.test(name) && !/^[a-z+]+:\/\/[^/]*@/i.test(value ?? ''),
    ),
  );
}

/** A module of the user may reject in the background; the run that waits for it says so. */
export function ignoreUnhandledRejections(): void {
  process.on('unhandledRejection', () => undefined);
}
