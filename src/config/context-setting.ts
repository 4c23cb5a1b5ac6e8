/**
 * The setting `context`: which TypeScript expression gives what PostgreSQL knows of the caller. Its form only;
 * whether an expression means something at a call is asked there.
 */
import { z } from 'zod';

/** What fills one argument. */
export interface ContextEntry {
  /** `auth.uid()`, `auth.jwt() ->> 'org_id'`, `current_setting('app.tenant')`, `current_user`. */
  readonly key: string;
  /** TypeScript that is in scope at the calls, or by `import`. */
  readonly expression: string;
  /** What the expression needs from one of the project's files, path as written. */
  readonly import: { readonly name: string; readonly path: string } | null;
  /** The type that the expression has to have; null: any that it has. */
  readonly type: string | null;
}

const form = 'must be an expression, or { expression, import: "name@path", type }';
const expression = z.string({ error: form }).trim().min(1, { error: 'the expression is empty' });
const imported = z
  .string({ error: 'import must be written name@path' })
  .regex(/^[A-Za-z_$][\w$]*@.+$/, { error: 'import must be written name@path' })
  .transform((text) => {
    const at = text.indexOf('@');
    return { name: text.slice(0, at), path: text.slice(at + 1) };
  });
const entry = z.strictObject(
  { expression, import: imported.optional(), type: z.string().min(1).optional() },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${issue.keys.join(', ')}: no such setting` : form,
  },
);

/** As a configuration file writes it. */
type GivenEntry = string | { readonly expression: string; readonly import?: string; readonly type?: string };

/** By key; problems name the key that they are about. */
export const contextSetting = z
  .record(z.string(), z.custom<GivenEntry>(), {
    error: 'must be an object: { "auth.uid()": "session.userId" }',
  })
  .transform((given, check): readonly ContextEntry[] =>
    Object.entries(given).flatMap(([written, value]): ContextEntry[] => {
      const problem = (message: string): [] => {
        check.addIssue({ code: 'custom', message: `${written}: ${message}` });
        return [];
      };
      const key = identityKey(written);
      if (key === null) return problem(`is nothing of the caller that is known; ${knownKeys}`);
      const read = entry.safeParse(typeof value === 'string' ? { expression: value } : value);
      if (!read.success) return problem(read.error.issues[0]?.message ?? form);
      const { data } = read;
      return [{ key, expression: data.expression, import: data.import ?? null, type: data.type ?? null }];
    }),
  );

const knownKeys =
  "write auth.uid(), auth.role(), auth.email(), auth.jwt(), auth.jwt() ->> 'claim', current_setting('a.b'), current_setting('role'), current_user or session_user";

/** The spelling by which sources are known; null for anything else. */
function identityKey(written: string): string | null {
  const text = written.trim().replace(/\s+/g, ' ');
  if (/^auth\.(uid|role|email|jwt)\( ?\)$/i.test(text)) return text.replace(/ /g, '').toLowerCase();
  if (/^(current_user|session_user)$/i.test(text)) return text.toLowerCase();
  const setting = /^current_setting\( ?'([\w.]+)'(?: ?, ?true)? ?\)$/i.exec(text)?.[1];
  if (setting === 'role' || setting?.includes('.') === true) return `current_setting('${setting}')`;
  const path = /^auth\.jwt\(\)((?: ?->>? ?'(?:[^']|'')*')+)$/i.exec(text)?.[1];
  if (path === undefined) return null;
  const steps = [...path.matchAll(/(->>?) ?('(?:[^']|'')*')/g)].map(([, arrow, name]) => `${arrow} ${name}`);
  return ['auth.jwt()', ...steps].join(' ');
}
