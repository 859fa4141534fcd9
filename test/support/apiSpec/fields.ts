import * as v from 'valibot';
import { isObject, type Json, type JsonObject } from '../demoServer/json.ts';

/** What stands at one place of a schema: its JSON types (`null` among them), and the words that are listed for it. */
export interface Field {
  readonly types: Set<string>;
  readonly words: Set<string>;
}

/**
 * Every field of a schema by its path, at any depth: `messages[]<user>.content[]<text>.text`. `[]` stands for the items
 * of an array, `{}` for the values of a map, `<...>` for the word that tells one alternative from the others.
 */
export type Fields = Map<string, Field>;

function fieldAt(fields: Fields, path: string): Field {
  const field = fields.get(path) ?? { types: new Set(), words: new Set() };
  fields.set(path, field);
  return field;
}

const discriminators = ['type', 'role'];

/** The fields of a schema of an API description. `schemas` are those that a `$ref` may name. */
export function describedFields(schemas: JsonObject, name: string): Fields {
  const fields: Fields = new Map();
  walk(schemas[name] ?? null, '');
  return fields;

  function walk(value: Json, path: string): void {
    const schema = resolved(value);
    if (schema === undefined) return;
    const field = fieldAt(fields, path);
    const { type, enum: words } = schema;
    for (const one of Array.isArray(type) ? (type as readonly Json[]) : [type]) {
      if (typeof one === 'string') field.types.add(one);
    }
    if (schema['nullable'] === true) field.types.add('null');
    if (Array.isArray(words)) for (const one of words) field.words.add(String(one));
    for (const part of listOf(schema['allOf'])) walk(part, path);
    for (const key of ['oneOf', 'anyOf']) {
      const alternatives = listOf(schema[key]);
      const told = alternatives.filter((one) => tagOf(one) !== undefined).length > 1;
      for (const one of alternatives) walk(one, told ? path + (tagOf(one) ?? '') : path);
    }
    const { properties, items, additionalProperties } = schema;
    for (const [key, inner] of Object.entries(isObject(properties) ? properties : {})) {
      walk(inner, path === '' ? key : `${path}.${key}`);
    }
    if (items !== undefined) walk(items, `${path}[]`);
    if (isObject(additionalProperties)) walk(additionalProperties, `${path}{}`);
  }

  function resolved(value: Json): JsonObject | undefined {
    if (!isObject(value)) return undefined;
    const reference = value['$ref'];
    if (typeof reference !== 'string') return value;
    const { $ref: _, ...beside } = value;
    const target = resolved(schemas[reference.split('/').at(-1) ?? ''] ?? null);
    return target === undefined ? undefined : { ...target, ...beside };
  }

  function tagOf(value: Json): string | undefined {
    const properties = resolved(value)?.['properties'];
    for (const key of discriminators) {
      const words = isObject(properties) ? resolved(properties[key] ?? null)?.['enum'] : undefined;
      if (Array.isArray(words) && words.length === 1) return `<${String(words[0])}>`;
    }
    return undefined;
  }
}

/** The same of one of our own schemas. */
export function carriedFields(schema: v.GenericSchema): Fields {
  const fields: Fields = new Map();
  walk(schema, '');
  return fields;

  function walk(generic: v.GenericSchema, path: string): void {
    const field = fieldAt(fields, path);
    const node = generic as Node;
    switch (node.type) {
      case 'loose_object':
        field.types.add('object');
        for (const [key, inner] of Object.entries(node.entries)) {
          walk(inner, path === '' ? key : `${path}.${key}`);
        }
        return;
      case 'record':
        field.types.add('object');
        if (node.value.type !== 'unknown') walk(node.value, `${path}{}`);
        return;
      case 'array':
        field.types.add('array');
        walk(node.item, `${path}[]`);
        return;
      case 'variant':
        for (const option of node.options) walk(option, path + tagOf(option, node));
        return;
      case 'union':
        for (const option of node.options) walk(option, path);
        return;
      case 'nullable':
      case 'nullish':
        field.types.add('null');
        walk(node.wrapped, path);
        return;
      case 'optional':
        walk(node.wrapped, path);
        return;
      case 'literal':
        field.types.add('string');
        field.words.add(String(node.literal));
        return;
      case 'number':
        field.types.add(node.pipe?.some((item) => item.type === 'integer') === true ? 'integer' : 'number');
        return;
      case 'string': {
        field.types.add('string');
        for (const one of knownWords(generic)) field.words.add(one);
        return;
      }
      case 'boolean':
        field.types.add('boolean');
        return;
      case 'unknown':
    }
  }

  function tagOf(option: v.GenericSchema, variant: Node & { type: 'variant' }): string {
    const node = option as Node;
    const literal =
      node.type === 'loose_object' ? (node.entries[variant.key] as Node | undefined) : undefined;
    const word = literal?.type === 'literal' ? String(literal.literal) : '';
    return variant.options.length > 1 ? `<${word}>` : '';
  }
}

function knownWords(schema: v.GenericSchema): readonly string[] {
  const { known } = v.getMetadata(schema);
  return Array.isArray(known) ? known.map(String) : [];
}

/** The forms out of which our schemas are made; another one has to be added here. */
type Node = { readonly pipe?: readonly { readonly type: string }[] } & (
  | { readonly type: 'loose_object'; readonly entries: Readonly<Record<string, v.GenericSchema>> }
  | { readonly type: 'record'; readonly value: v.GenericSchema }
  | { readonly type: 'array'; readonly item: v.GenericSchema }
  | { readonly type: 'variant'; readonly key: string; readonly options: readonly v.GenericSchema[] }
  | { readonly type: 'union'; readonly options: readonly v.GenericSchema[] }
  | { readonly type: 'nullable' | 'nullish' | 'optional'; readonly wrapped: v.GenericSchema }
  | { readonly type: 'literal'; readonly literal: unknown }
  | { readonly type: 'number' | 'string' | 'boolean' | 'unknown' }
);

/** The same without what tells alternatives apart, for a description that merges them. */
export function merged(fields: Fields): Fields {
  const all: Fields = new Map();
  for (const [path, { types, words }] of fields) {
    const field = fieldAt(all, path.replaceAll(/<[^>]*>/gu, ''));
    for (const type of types) field.types.add(type);
    for (const one of words) field.words.add(one);
  }
  return all;
}

/** What `carried` lacks of `described`: fields, types and words, each as one line. */
export function lacking(described: Fields, carried: Fields): readonly string[] {
  const lines: string[] = [];
  for (const [path, { types, words }] of described) {
    const field = carried.get(path);
    if (field === undefined) {
      lines.push(path);
      continue;
    }
    for (const type of types) {
      const wider = type === 'integer' && field.types.has('number');
      if (!field.types.has(type) && !wider) lines.push(`${path}: ${type}`);
    }
    for (const one of words) if (!field.words.has(one)) lines.push(`${path}: "${one}"`);
  }
  return lines;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
