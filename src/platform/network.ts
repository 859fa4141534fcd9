import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { isRecord } from '../core/json.ts';
import type { ProxyRoute } from '../core/proxy.ts';
import { proxyReason } from '../core/proxyReason.ts';
import { type ResolveUrl, resolveProxy } from './proxyResolver.ts';

/** How requests leave the machine: see the setting `colloquy.network.transport`. */
export type TransportKind = 'auto' | 'undici' | 'node';

/** VS Code's resolver may have to fetch and run a PAC file. */
const resolverLimitMs = 3000;

/** The proxy that VS Code, its settings or the environment name for requests to `origin`. */
export async function proxyForOrigin(origin: string): Promise<ProxyRoute | undefined> {
  return resolveProxy(origin, {
    setting: httpSetting,
    hostResolver: vscodeResolver,
    env: process.env,
    limitMs: resolverLimitMs,
  });
}

/** Why that one, or none: see `proxyReason`. */
export function explainProxy(origin: string, route: ProxyRoute | undefined): string {
  const noProxy = httpSetting('noProxy');
  return proxyReason(origin, route?.url, {
    support: asText(httpSetting('proxySupport'), 'override'),
    proxy: asText(httpSetting('proxy'), ''),
    noProxy: Array.isArray(noProxy) ? noProxy.filter((entry) => typeof entry === 'string') : [],
    env: process.env,
  });
}

function asText(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The user's own value of an `http.*` setting, else VS Code's default; a workspace has no say. */
function httpSetting(name: string): unknown {
  const found = vscode.workspace.getConfiguration('http').inspect(name);
  return found?.globalValue ?? found?.defaultValue;
}

/** The user's own choice of a transport. */
export function transportKind(): TransportKind {
  const value = vscode.workspace.getConfiguration('colloquy').inspect('network.transport')?.globalValue;
  return value === 'undici' || value === 'node' ? value : 'auto';
}

/**
 * Whether `node:http` and `node:https` find proxies and ask for their passwords by themselves here, as they do where
 * VS Code has patched them (it leaves the originals under this name).
 */
export function hostFindsProxies(): boolean {
  return '__vscodeOriginal' in http;
}

/** Told when a setting changed that decides how requests leave the machine. */
export function onDidChangeNetwork(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (['http', 'colloquy.network', 'colloquy.endpoints'].some((name) => event.affectsConfiguration(name))) {
      listener();
    }
  });
}

let resolver: { readonly found: ResolveUrl | undefined } | undefined;

/**
 * VS Code's extension host hangs its resolver onto the module `@vscode/proxy-agent` that it has loaded itself. It is
 * no official interface: where it is not there, settings and environment decide.
 */
function vscodeResolver(): ResolveUrl | undefined {
  resolver ??= { found: loadResolver() };
  return resolver.found;
}

function loadResolver(): ResolveUrl | undefined {
  const load = createRequire(path.join(vscode.env.appRoot, 'package.json'));
  for (const folder of ['node_modules.asar', 'node_modules']) {
    try {
      const agent: unknown = load(path.join(vscode.env.appRoot, folder, '@vscode', 'proxy-agent'));
      if (!isRecord(agent) || typeof agent['resolveProxyURL'] !== 'function') continue;
      const resolve = agent['resolveProxyURL'];
      return async (url) => {
        const found: unknown = await Reflect.apply(resolve, agent, [url]);
        return typeof found === 'string' && found !== '' ? found : undefined;
      };
    } catch {
      // Not there, or not for this host.
    }
  }
  return undefined;
}
