/*
 * The few globals that pure code may use, because every JavaScript world has them: the DOM and Node declare them in
 * their own way, so this file belongs to the pure world's tsconfig alone.
 */

declare class URL {
  constructor(url: string, base?: string);
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly username: string;
  readonly password: string;
}
