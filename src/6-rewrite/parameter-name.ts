/** TypeScript names for the parameters of routines. */

const reserved = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
    'import in instanceof new null return super switch this throw true try typeof var void while with yield let static await ' +
    'implements interface package private protected public arguments eval async of'
  ).split(' '),
);

/** `p_agreement_id` to `agreementId`; `arg2` for a parameter without a name. */
export function parameterName(name: string | null, position: number): string {
  const bare = (name ?? '').replace(/^(?:p|in|_in|i|v|arg|param)?_+(?=.)/i, '').replace(/_+$/, '');
  const camel = bare
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+(.)?/gu, (_, next: string | undefined) => (next ?? '').toUpperCase())
    .replace(/^\p{N}+/u, '');
  if (camel === '') return `arg${position}`;
  return reserved.has(camel) ? `${camel}Value` : camel;
}
