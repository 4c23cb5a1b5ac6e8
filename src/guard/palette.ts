/** The few colours that reports use; picocolors has them all. */
export interface Palette {
  underline(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}
