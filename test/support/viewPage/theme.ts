import { readFileSync } from 'node:fs';
import path from 'node:path';

export const themeNames = ['dark', 'light', 'hc-dark', 'hc-light'] as const;
export type ThemeName = (typeof themeNames)[number];

/** What VS Code gives a webview of a theme: taken from the themes it ships with, as they arrive in a webview. */
export interface Theme {
  readonly name: string;
  /** Classes of the body, for example `vscode-dark`. */
  readonly bodyClass: string;
  /** Custom properties of the root element. */
  readonly variables: Readonly<Record<string, string>>;
}

export function readTheme(name: ThemeName): Theme {
  const file = path.join(import.meta.dirname, 'themes', `${name}.json`);
  // Written by us: the shape is that of the files beside this one.
  return JSON.parse(readFileSync(file, 'utf8')) as Theme;
}
