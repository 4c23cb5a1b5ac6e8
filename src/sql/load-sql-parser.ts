/** Makes PostgreSQL's own grammar (libpg-query, WebAssembly) ready; everything else in this folder is synchronous. */
import { loadModule } from 'libpg-query';

let loading: Promise<void> | null = null;

/** Must be awaited once before `parseSql`, `scanSql` or `readStatement` is called; later calls cost nothing. */
export function loadSqlParser(): Promise<void> {
  loading ??= loadModule();
  return loading;
}
