/**
 * This process's environment without what an editor's own terminal, or a Node with options, would hand on: a VS Code
 * that is started with it must not take itself for a part of another one.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$)/.test(name),
    ),
  );
}
