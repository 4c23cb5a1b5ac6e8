declare module 'jscodeshift/src/getParser.js' {
  export default function getParser(name: 'ts' | 'tsx'): { parse(text: string): unknown };
}
