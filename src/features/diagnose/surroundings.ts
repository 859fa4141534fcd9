import * as vscode from 'vscode';

/**
 * What somebody who is asked for help wants to know of the machine: versions, the system, where requests start, and
 * how they are made. Nothing of it names a person, a folder or a host.
 */
export function surroundings(extension: vscode.Extension<unknown>, transport: string): readonly string[] {
  // The manifest of an extension is untyped in VS Code's API.
  const { version } = extension.packageJSON as { readonly version: string };
  const { remoteName } = vscode.env;
  const support: unknown = vscode.workspace.getConfiguration('http').inspect('proxySupport')?.globalValue;
  return [
    `Colloquy ${version}`,
    `${vscode.env.appName} ${vscode.version}`,
    `Node ${process.versions.node}`,
    `${process.platform} ${process.arch}`,
    remoteName === undefined ? 'local window' : `remote window (${remoteName})`,
    `transport ${transport}`,
    `proxy support ${typeof support === 'string' ? support : 'as VS Code sets it'}`,
  ];
}
