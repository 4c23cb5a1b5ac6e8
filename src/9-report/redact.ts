/** Takes passwords out of whatever is shown or stored. */

/**
 * Replaces the password of every URL (`scheme://user:password@host`) and of every `password=word`
 * setting of a URL or a connection string by `***`. In a PostgreSQL URL the password reaches to the
 * last `@` of the word, so that one with an unescaped `@` or `/` goes as a whole.
 */
export function redact(text: string): string {
  return text
    .replace(/\b(postgres(?:ql)?:\/\/[^\s:@/'"`]*):[^\s'"`]*@/gi, '$1:***@')
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/'"`]*):[^\s/'"`]*@/gi, '$1:***@')
    .replace(/(^|[?&\s])((?:pg)?password=)[^\s&;'"`]+/gi, '$1$2***');
}

/** Redacts every string in plain data. */
export function redactDeep<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => redactDeep(item)) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redactDeep<unknown>(item)]),
    ) as T;
  }
  return value;
}
