import { describe, expect, it } from 'vitest';
import { redact, redactDeep } from '../../../src/9-report/redact.js';

describe('redact', () => {
  it.each([
    ['postgres://app:secret@db:5432/app', 'postgres://app:***@db:5432/app'],
    ['postgresql://app:p%40ss@db/app?sslmode=require', 'postgresql://app:***@db/app?sslmode=require'],
    ['postgres://app:a@b/c@db/app', 'postgres://app:***@db/app'],
    ['postgres://:secret@db/app', 'postgres://:***@db/app'],
    ['postgres://db/app?user=x&password=secret&a=b', 'postgres://db/app?user=x&password=***&a=b'],
    ['host=db password=secret user=x', 'host=db password=*** user=x'],
    [
      'redis://x:secret@cache "postgres://a:one@b" and \'postgres://a:two@b\'',
      'redis://x:***@cache "postgres://a:***@b" and \'postgres://a:***@b\'',
    ],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    'postgres://db:5432/app',
    'postgres://app@db/app',
    'const password = request.body.password;',
    'import { a } from "https://example.com:8080/x@1.2.3/mod.ts";',
    'write to someone@example.com: hello',
  ])('leaves %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('reaches every string in nested data and nothing else', () => {
    const data = { a: ['postgres://u:p@h/d', 1, null], b: { c: true, d: 'postgres://u:p@h/d' } };
    expect(redactDeep(data)).toEqual({
      a: ['postgres://u:***@h/d', 1, null],
      b: { c: true, d: 'postgres://u:***@h/d' },
    });
  });
});
