/** `check` in this process, with what it writes to the terminal. */
import pc from 'picocolors';
import { check } from '../../src/commands/check.js';
import { buildCheckOptions } from '../../src/commands/check-options.js';
import { bodyRules } from '../../src/guard/body-rules.js';
import { rules } from '../../src/guard/rules.js';
import { resolveSource } from '../../src/io/resolve-source.js';
import { openTerminal } from '../../src/io/terminal.js';

/** Listens to the streams once for all runs. */
const streams = openTerminal();

export interface CheckRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** `rule severity file:line` of each finding; empty unless the format is json. */
  readonly found: readonly string[];
}

/** `flags` by the names of check-options.ts; `config` is what migrate-rpc.config.ts holds under `check`. */
export async function runCheck(
  cwd: string,
  flags: Readonly<Record<string, unknown>>,
  config?: object,
): Promise<CheckRun> {
  const options = buildCheckOptions(
    { format: 'json', ...flags },
    config === undefined ? null : { values: config, paths: undefined, file: 'migrate-rpc.config.ts' },
    { cwd, rules, bodyRules, source: (db) => resolveSource(db, {}, cwd) },
  );
  let [out, err] = ['', ''];
  const terminal = {
    ...streams,
    palette: pc.createColors(false),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await check(options, { terminal, version: '0.0.0', hold: (work) => work() });
  const { findings } = JSON.parse(options.format === 'json' ? out : '{"findings":[]}') as {
    findings: { rule: string; severity: string; file: string; line: number }[];
  };
  const found = findings.map(({ rule, severity, file, line }) => `${rule} ${severity} ${file}:${line}`);
  return { code, out, err, found };
}
