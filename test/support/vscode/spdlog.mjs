// Stands in for VS Code's native logger, which would need a compiler: without it the log channels of
// extensions have no file behind them, so that the Output view stays empty and no test can read them.
// The surface is the one that VS Code uses; files do not rotate because a run is short.
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

export class Logger {
  /** @readonly */
  #file;
  #level = 2;
  #prefixed = true;

  /** @param {string} _type @param {string} _name @param {string} file */
  constructor(_type, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
  }

  /** @param {number} level @param {string} message */
  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.#file, this.#prefixed ? `${time} [${levels[level]}] ${message}\n` : message);
  }

  /** @param {string} message */
  trace(message) {
    this.#write(0, message);
  }
  /** @param {string} message */
  debug(message) {
    this.#write(1, message);
  }
  /** @param {string} message */
  info(message) {
    this.#write(2, message);
  }
  /** @param {string} message */
  warn(message) {
    this.#write(3, message);
  }
  /** @param {string} message */
  error(message) {
    this.#write(4, message);
  }
  /** @param {string} message */
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.#level;
  }
  /** @param {number} level */
  setLevel(level) {
    this.#level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.#prefixed = false;
  }
  flush() {}
  drop() {}
}

export const version = 0;

export function setLevel() {}

export function setFlushOn() {}

/** @param {string} name @param {string} file */
export async function createRotatingLogger(name, file) {
  return new Logger('rotating', name, file);
}

/** @param {string} name @param {string} file */
export async function createAsyncRotatingLogger(name, file) {
  return new Logger('rotating_async', name, file);
}
