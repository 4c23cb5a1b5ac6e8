/** Asks for the expression that gives a thing of the caller's identity at some calls. */
import { ExitPromptError } from '@inquirer/core';
import { createPromptModule } from 'inquirer';
import { MigrateError } from '../errors.js';

export interface ExpressionQuestion {
  readonly key: string;
  readonly places: readonly string[];
}

const mostPlaces = 5;

/** The text that was typed, empty for none. Throws MigrateError (exit 130) after Ctrl-C. */
export async function askExpression(
  { key, places }: ExpressionQuestion,
  terminal: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
): Promise<string> {
  const { input, output } = terminal;
  const more = places.length - mostPlaces;
  const shown = [...places.slice(0, mostPlaces), ...(more > 0 ? [`and ${String(more)} more`] : [])];
  output.write(
    `\n${key} is read by routines that are called at\n${shown.map((place) => `  ${place}\n`).join('')}`,
  );
  try {
    const ask = createPromptModule({ input, output });
    const { expression } = await ask<{ expression: string }>({
      type: 'input',
      name: 'expression',
      message: `Which TypeScript expression gives ${key} there? (none: these calls stay)`,
    });
    return expression;
  } catch (error) {
    if (!(error instanceof ExitPromptError)) throw error;
    throw new MigrateError('interrupted', 'Interrupted; nothing was written', { exitCode: 130 });
  }
}
