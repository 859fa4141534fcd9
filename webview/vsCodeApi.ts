/** What `acquireVsCodeApi()` gives a webview (VS Code API reference, "Webview API"). */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): unknown;
}

declare global {
  /** May be called once in the life of the page. */
  function acquireVsCodeApi(): VsCodeApi;
}
