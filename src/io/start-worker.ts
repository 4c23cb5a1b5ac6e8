/**
 * Starts a worker thread from a compiled entry, or from its TypeScript source where the program itself
 * runs from sources (tests).
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `entry` ends in `.js` and stands beside the caller: `new URL('./name.js', import.meta.url)`. */
export function startWorker(entry: URL, options: WorkerOptions = {}): Worker {
  if (existsSync(fileURLToPath(entry))) return new Worker(entry, options);
  const source = new URL(entry.href.replace(/\.js$/, '.ts'));
  const loader = createRequire(import.meta.url)
    .resolve('jiti')
    .replace(/jiti\.cjs$/, 'jiti-register.mjs');
  return new Worker(source, { ...options, execArgv: ['--import', pathToFileURL(loader).href] });
}
