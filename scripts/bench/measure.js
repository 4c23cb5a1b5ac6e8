/** Runs a command in a fresh process and tells what it took, with the processes that it started. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const preload = join(import.meta.dirname, 'note-resources.cjs');

/**
 * CPU seconds are the sum over all its processes, the peak that of its largest one.
 * @param {readonly string[]} args of Node. Throws when it fails.
 */
export async function measure(args, cwd) {
  const resources = join(tmpdir(), `bench-resources-${process.pid}.jsonl`);
  rmSync(resources, { force: true });
  const started = performance.now();
  const { stdout, status } = await run(args, cwd, resources);
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stdout}`);
  const processes = readFileSync(resources, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  rmSync(resources);
  return {
    seconds,
    cpuSeconds: processes.reduce((sum, one) => sum + one.cpuSeconds, 0),
    peakMegabytes: Math.max(...processes.map((one) => one.peakMegabytes)),
    stdout,
  };
}

function run(args, cwd, resources) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
        BENCH_RESOURCES: resources,
      },
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, status: status ?? 70 }));
  });
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Each figure's own median: the runs of one job are alike but for what else the machine does. */
export function medians(runs) {
  const keys = Object.keys(runs[0]).filter((key) => typeof runs[0][key] === 'number');
  return Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key]))]));
}
