/**
 * SQL after which PL/pgSQL compiles its functions anew. An expression in which an error was raised counts as in use
 * until the transaction ends (`expr_simple_in_use` of pl_exec.c), and goes by a plan that knows its variables
 * from then on: `p || f()` no longer calls f where p is NULL. All cases of a pair share one transaction, and what one
 * of them raised must not show in the next. ALTER changes nothing but the version of each function; event triggers
 * would see it, and where there are some nothing is done.
 */
export const compileAnew = `DO $compile$
DECLARE
  routine record;
BEGIN
  FOR routine IN
    SELECT p.oid::regprocedure AS name, p.prosecdef AS definer
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE l.lanname = 'plpgsql' AND p.pronamespace <> 'pg_catalog'::regnamespace
      AND pg_has_role(p.proowner, 'USAGE') AND NOT EXISTS (SELECT FROM pg_event_trigger)
  LOOP
    EXECUTE format('ALTER ROUTINE %s SECURITY %s', routine.name,
      CASE WHEN routine.definer THEN 'DEFINER' ELSE 'INVOKER' END);
  END LOOP;
END $compile$`;
