/** The person's own editor, as `VISUAL` or `EDITOR` names it. */
import { CreateFileError, ExternalEditor, LaunchEditorError } from '@inquirer/external-editor';

/**
 * The text as it was saved. Sentences where no editor is set, where it does not start, and where it ended with a
 * code that says that nothing is wanted of it. The terminal is the editor's until then.
 */
export async function editText(
  text: string,
  extension: string,
): Promise<string | { readonly problem: readonly string[] }> {
  const command = process.env['VISUAL'] || process.env['EDITOR'];
  if (command === undefined || command === '') {
    return {
      problem: [
        'No editor is set.',
        'Put its command into VISUAL or EDITOR and start again: EDITOR=vim, VISUAL="code --wait".',
      ],
    };
  }
  try {
    const editor = new ExternalEditor(text, { prefix: 'migrate-rpc-', postfix: extension, mode: 0o600 });
    const saved = await editor.runAsync();
    if (editor.lastExitStatus === 0) return saved.replace(/\r\n/g, '\n');
    return { problem: [`${command} ended with code ${String(editor.lastExitStatus)}: nothing was changed.`] };
  } catch (error) {
    if (!(error instanceof LaunchEditorError) && !(error instanceof CreateFileError)) throw error;
    const cause = error.originalError;
    return {
      problem: [`${command} does not start: ${cause instanceof Error ? cause.message : String(cause)}`],
    };
  }
}
