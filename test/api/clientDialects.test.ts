import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chatUrl, modelsUrl } from '../../src/api/requestUrl.ts';
import { dialectFor, dialects } from '../../src/core/dialects.ts';
import { dialectIds } from '../../src/core/endpoint.ts';
import { endpointAt } from './clientServer.ts';

const chat = (baseUrl: string, more = {}, model = 'm') => chatUrl(endpointAt(baseUrl, more), model)?.href;
const models = (baseUrl: string, more = {}) => modelsUrl(endpointAt(baseUrl, more))?.href;

describe('A dialect', () => {
  test('is found by the base URL that it suggests', () => {
    for (const id of dialectIds) {
      const { baseUrl, placeholder } = dialects[id];
      assert.equal(dialects[id].id, id);
      const filled = placeholder === undefined ? baseUrl : baseUrl.replace(placeholder, 'mine.example');
      assert.ok(URL.canParse(filled), filled);
      assert.equal(dialectFor({ baseUrl: filled }).id, id);
    }
  });

  test('is the one that the endpoint names, whatever its URL', () => {
    assert.equal(dialectFor({ baseUrl: 'https://api.openai.com/v1', dialect: 'mistral' }).id, 'mistral');
  });

  test('is not found by a host that only looks like it', () => {
    const hosts = [
      'https://api.openai.com.evil.example/v1',
      'https://evil-api.openai.com.example/v1',
      'https://notopenrouter.ai/v1',
      'https://openai.azure.com.evil.example/openai/v1',
      'https://example.com/api.openai.com',
      'https://example.com:11434/v1',
      'nonsense',
    ];
    for (const baseUrl of hosts) assert.equal(dialectFor({ baseUrl }).id, 'generic', baseUrl);
    assert.equal(dialectFor({ baseUrl: 'https://eu.api.openai.com/v1' }).id, 'openai');
    assert.equal(dialectFor({ baseUrl: 'http://192.168.0.5:11434/v1' }).id, 'ollama');
  });
});

describe('The address of a request', () => {
  test('is the base URL and a path, with the query of both sides', () => {
    assert.equal(chat('https://h/v1'), 'https://h/v1/chat/completions');
    assert.equal(chat('https://h/v1///'), 'https://h/v1/chat/completions');
    assert.equal(chat('https://h'), 'https://h/chat/completions');
    assert.equal(chat('https://h/v1/chat/completions'), 'https://h/v1/chat/completions');
    assert.equal(
      chat('https://h/v1?a=1#top', { query: { b: '2 &' } }),
      'https://h/v1/chat/completions?a=1&b=2+%26',
    );
    assert.equal(models('https://h/v1'), 'https://h/v1/models');
  });

  test('is the one that each service documents', () => {
    const urls = Object.fromEntries(
      dialectIds.map((id) => {
        const { baseUrl, placeholder = '' } = dialects[id];
        const mine = placeholder === '' ? baseUrl : baseUrl.replace(placeholder, 'mine');
        return [id, `${chat(mine, {}, 'v/m')} ${models(mine)?.replace(new URL(mine).origin, '')}`];
      }),
    );
    assert.deepEqual(urls, {
      openai: 'https://api.openai.com/v1/chat/completions /v1/models',
      azure: 'https://mine.openai.azure.com/openai/v1/chat/completions /openai/v1/models',
      azureDeployment:
        'https://mine.openai.azure.com/openai/deployments/v%2Fm/chat/completions?api-version=2024-10-21 /openai/models?api-version=2024-10-21',
      anthropic: 'https://api.anthropic.com/v1/chat/completions /v1/models',
      gemini:
        'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions /v1beta/openai/models',
      deepseek: 'https://api.deepseek.com/v1/chat/completions /v1/models',
      mistral: 'https://api.mistral.ai/v1/chat/completions /v1/models',
      groq: 'https://api.groq.com/openai/v1/chat/completions /openai/v1/models',
      openrouter: 'https://openrouter.ai/api/v1/chat/completions /api/v1/models',
      xai: 'https://api.x.ai/v1/chat/completions /v1/models',
      together: 'https://api.together.xyz/v1/chat/completions /v1/models',
      fireworks: 'https://api.fireworks.ai/inference/v1/chat/completions /inference/v1/models',
      cerebras: 'https://api.cerebras.ai/v1/chat/completions /v1/models',
      ollama: 'http://localhost:11434/v1/chat/completions /v1/models',
      lmstudio: 'http://localhost:1234/v1/chat/completions /v1/models',
      llamacpp: 'http://localhost:8080/v1/chat/completions /v1/models',
      vllm: 'http://localhost:8000/v1/chat/completions /v1/models',
      litellm: 'http://localhost:4000/v1/chat/completions /v1/models',
      cloudflare: 'https://gateway.ai.cloudflare.com/v1/mine/compat/chat/completions /v1/mine/compat/models',
      generic: 'https://mine/v1/chat/completions /v1/models',
    });
  });

  test('of a deployment has its name in the path and an api-version', () => {
    const azure = 'https://r.openai.azure.com/openai';
    assert.equal(
      chat(azure, {}, 'my/gpt'),
      `${azure}/deployments/my%2Fgpt/chat/completions?api-version=2024-10-21`,
    );
    assert.equal(
      chat(`${azure}/deployments/d`, { query: { 'api-version': '2025-01-01' } }),
      `${azure}/deployments/d/chat/completions?api-version=2025-01-01`,
    );
    assert.equal(models(`${azure}/deployments/d`), `${azure}/models?api-version=2024-10-21`);
    assert.equal(chat(`${azure}/v1`), `${azure}/v1/chat/completions`);
  });

  test('never leaves the origin, whatever the model is called', () => {
    for (const model of ['../../evil', '//evil.example/', '?x', '#', '@evil.example', '\\\\evil', '%2e%2e']) {
      const url = chatUrl(endpointAt('https://r.openai.azure.com/openai'), model);
      assert.equal(url?.origin, 'https://r.openai.azure.com');
      assert.match(url.pathname, /^\/openai\/deployments\/[^/]+\/chat\/completions$/);
    }
  });

  test('is none where the base URL is no http(s) URL or holds a user name', () => {
    for (const baseUrl of ['', 'nonsense', 'ftp://h/v1', 'https://user:pass@h/v1', 'javascript:alert(1)']) {
      assert.equal(chat(baseUrl), undefined);
      assert.equal(models(baseUrl), undefined);
    }
  });
});
