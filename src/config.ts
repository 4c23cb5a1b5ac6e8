/**
 * The settings that flags and migrate-rpc.config.ts share, each with the form it must have.
 * Pure; load-config.ts reads the file.
 */
import { z } from 'zod';
import { contextSetting } from './config/context-setting.js';

const names = z
  .union([z.string(), z.array(z.string())], { error: 'must be a name or a list of names' })
  .transform((value) =>
    [value]
      .flat()
      .flatMap((part) => part.split(','))
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const texts = z
  .union([z.string().min(1), z.array(z.string().min(1))], { error: 'must be a path or a list of paths' })
  .transform((value) => [value].flat());
const named = texts.refine((values) => values.every((value) => /^[^@\s]+@.+$/.test(value)), {
  error: 'must be written name@path',
});

/** Flags come as text. */
const count = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], {
    error: 'must be a whole number above 0',
  })
  .pipe(z.int().min(1, 'must be a whole number above 0').max(100_000, 'must be 100000 at most'));

const seed = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error: 'must be a whole number' })
  .pipe(z.int('must be a whole number').min(0, 'must be a whole number').max(4_294_967_295, 'is too large'));
const budgetForm = { error: 'must be written cases,seconds with whole numbers above 0: 200,20' };
const budget = z
  .string(budgetForm)
  .regex(/^[1-9]\d{0,5},[1-9]\d{0,4}$/, budgetForm)
  .transform((text) => {
    const [cases = 0, seconds = 0] = text.split(',').map(Number);
    return { cases, seconds };
  });

/** The keys of migrate-rpc.config.ts; flags have the same names in kebab-case. */
export const settingsSchema = z.strictObject({
  db: z.string().min(1).optional(),
  paths: texts.optional(),
  dryRun: z.boolean().optional(),
  yes: z.boolean().optional(),
  report: texts.optional(),
  only: names.optional(),
  skip: names.optional(),
  placement: z.enum(['auto', 'inline', 'module'], { error: 'must be auto, inline or module' }).optional(),
  out: z.string().min(1).optional(),
  schema: texts.optional(),
  client: named.optional(),
  transaction: named.optional(),
  prove: z.boolean().optional(),
  scratch: z.string().min(1).optional(),
  sample: count.optional(),
  seed: seed.optional(),
  budget: budget.optional(),
  requireProven: z.boolean().optional(),
  skeletons: z.boolean().optional(),
  /** What fills the arguments that stand for the caller's identity; in the file alone. */
  context: contextSetting.optional(),
  /** So many rows at most for a request that gives a set, as PostgREST's max_rows. */
  maxRows: count.optional(),
  /** Settings of the command check, whose form check-options.ts knows. */
  check: z.record(z.string(), z.unknown()).optional(),
  force: z.boolean().optional(),
});

/** What a configuration file may export. */
export type Config = z.input<typeof settingsSchema>;

/** Settings after their forms were checked and lists were split. */
export type Settings = z.output<typeof settingsSchema>;

/** Settings whose meaning is fixed and whose work is not done yet: refused, never ignored. */
export const notBuiltYet = {
  scaffold: 'writing the scaffold',
  plan: 'saving the plan',
} as const;
