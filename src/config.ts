/**
 * The settings that flags and migrate-rpc.config.ts share, each with the form it must have.
 * Pure; load-config.ts reads the file.
 */
import { z } from 'zod';

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
  skeletons: z.boolean().optional(),
  force: z.boolean().optional(),
});

/** What a configuration file may export. */
export type Config = z.input<typeof settingsSchema>;

/** Settings after their forms were checked and lists were split. */
export type Settings = z.output<typeof settingsSchema>;

/** Settings whose meaning is fixed and whose work is not done yet: refused, never ignored. */
export const notBuiltYet = {
  scratch: 'proving on a server of your own',
  sample: 'copying rows for the proof',
  seed: 'choosing the seed of the proof',
  budget: 'choosing the budget of the proof',
  requireProven: 'applying only what is proven',
  scaffold: 'writing the scaffold',
  plan: 'saving the plan',
  context: 'passing the identity of the caller',
} as const;
