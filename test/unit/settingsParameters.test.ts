import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../../src/core/requestParameters.ts';

test('parameters are passed on as they are, without what is decided elsewhere and without nulls', () => {
  const value: unknown = JSON.parse(
    '{"temperature":0.2,"stop":["a"],"model":"x","messages":[],"stream":false,"top_p":null,"__proto__":{"a":1},"custom":{"b":[1]}}',
  );
  const { parameters, refused } = readParameters(value);
  assert.deepEqual(parameters, { temperature: 0.2, stop: ['a'], custom: { b: [1] } });
  assert.deepEqual(refused, ['model', 'messages', 'stream', '__proto__']);
});

test('a setting that is no object gives no parameters and is named', () => {
  for (const value of [7, 'text', [], true]) {
    assert.deepEqual(readParameters(value), { parameters: {}, refused: [undefined] });
  }
  assert.deepEqual(readParameters(undefined), { parameters: {}, refused: [] });
});
