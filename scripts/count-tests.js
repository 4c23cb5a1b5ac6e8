/**
 * Prints `N passed, N failed` for a JSON report of vitest and exits 1 unless all passed.
 * A skipped test counts as failed: what CI skips is not tested anywhere.
 */
import { readFileSync } from 'node:fs';

const report = readReport(process.argv[2]);
const skipped = report.numPendingTests + report.numTodoTests;
// A file that fails before its first test is a failed suite without a failed test.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
).length;
const failed = report.numFailedTests + skipped + brokenFiles;

if (skipped > 0) console.log(`${skipped} skipped, counted as failed`);
console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed > 0 || report.numPassedTests === 0 ? 1 : 0;

/** An unreadable report means that vitest did not end by itself. */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    console.log('vitest left no report');
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
}
