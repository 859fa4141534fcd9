import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../demoServer/json.ts';

/* The API descriptions themselves, which are not part of this repository. */

const reference = process.env['COLLOQUY_REFERENCE'];

/** Why a test that needs the descriptions is skipped; false where they are there. */
export const missing =
  reference !== undefined && existsSync(join(reference, 'spec'))
    ? false
    : 'COLLOQUY_REFERENCE names no folder with the API descriptions';

export const descriptions = {
  /** The description that this project implements. */
  a: 'chat-completions-a.yaml',
  /** OpenAI's own: newer, and a superset of it. */
  openai: 'openai-chat-2.3.0.yaml',
} as const;
export type Description = keyof typeof descriptions;

/** `components.schemas` of a description. */
export function schemasOf(description: Description): JsonObject {
  const text = readFileSync(join(reference ?? '', 'spec', descriptions[description]), 'utf8');
  const document = parse(text) as Json;
  const components = isObject(document) ? document['components'] : undefined;
  const schemas = isObject(components) ? components['schemas'] : undefined;
  if (!isObject(schemas)) throw new Error(`no schemas in ${descriptions[description]}`);
  return schemas;
}

/** Validates against one schema of a description. */
export function validator(description: Description, name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  const schemas = withNull(schemasOf(description));
  return ajv.compile({ $ref: `#/components/schemas/${name}`, components: { schemas } });
}

/** OpenAPI's `nullable: true` as JSON Schema: the descriptions use it although 3.1 no longer knows it. */
function withNull(schema: Json): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(withNull);
  if (!isObject(schema)) return schema;
  const { nullable, example, examples: many, ...rest } = schema;
  const inner: JsonObject = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, withNull(value)]),
  );
  // A property may itself be called "nullable", "example" or "examples".
  const kept = Object.fromEntries(
    Object.entries({ nullable, example, examples: many }).filter(([, value]) => isObject(value)),
  ) as JsonObject;
  const whole = { ...inner, ...kept };
  return nullable === true ? { anyOf: [whole, { type: 'null' }] } : whole;
}
