import * as vscode from 'vscode';
import { proxyFor } from '../core/proxy.ts';

/** The proxy that VS Code's settings or the environment name for requests to `origin`. */
export function resolveProxy(origin: string): string | undefined {
  const http = vscode.workspace.getConfiguration('http');
  return proxyFor(origin, {
    support: http.get('proxySupport', 'override'),
    proxy: http.get('proxy', ''),
    noProxy: http.get<readonly string[]>('noProxy', []),
    env: process.env,
  });
}
