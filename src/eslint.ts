/** `migrate-rpc/eslint`: the rules of `check` for ESLint's flat config. */
import { lintRule, type LintRule } from './guard/lint-plugin.js';
import { rules } from './guard/rules.js';
import { loadSqlParser } from './sql/load-sql-parser.js';

export interface LintPlugin {
  readonly meta: { readonly name: string };
  readonly rules: Record<string, LintRule>;
  readonly configs: { readonly recommended: LintConfig };
}

export interface LintConfig {
  readonly name: string;
  readonly files: string[];
  readonly plugins: Record<string, LintPlugin>;
  readonly rules: Record<string, 'error' | 'warn'>;
}

// ESLint asks its rules synchronously, and the parser of SQL is WebAssembly.
await loadSqlParser();

const plugin: LintPlugin = {
  meta: { name: 'migrate-rpc' },
  rules: Object.fromEntries(rules.map((rule) => [rule.id, lintRule(rule)])),
  configs: {
    get recommended() {
      return recommended;
    },
  },
};

const recommended: LintConfig = {
  name: 'migrate-rpc/recommended',
  files: ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'],
  plugins: { 'migrate-rpc': plugin },
  rules: Object.fromEntries(
    rules.map(({ id, severity }) => [`migrate-rpc/${id}`, severity === 'error' ? 'error' : 'warn'] as const),
  ),
};

export { plugin as default };
