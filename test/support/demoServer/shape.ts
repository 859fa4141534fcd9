import type { Complaint } from './apiError.ts';
import { isObject, type Json } from './json.ts';

/**
 * A small schema language: as much of JSON Schema as the request description of the API uses. The alternatives of
 * `either` differ in their JSON type, so the type of a value decides which one counts.
 */
export type Shape = (
  | { readonly is: 'string'; readonly maxLength?: number; readonly oneOf?: readonly string[] }
  | { readonly is: 'number' | 'integer'; readonly min?: number; readonly max?: number }
  | { readonly is: 'boolean' }
  | { readonly is: 'array'; readonly items: Shape; readonly min?: number; readonly max?: number }
  | {
      readonly is: 'object';
      readonly required?: readonly string[];
      readonly fields?: Readonly<Record<string, Shape>>;
      /** What fields without a name of their own must be; anything where absent. */
      readonly rest?: Shape;
      readonly maxFields?: number;
    }
  | { readonly is: 'either'; readonly of: readonly Shape[] }
) & { readonly nullable?: boolean };

const nouns: Readonly<Record<Shape['is'], string>> = {
  string: 'a string',
  number: 'a decimal',
  integer: 'an integer',
  boolean: 'a boolean',
  array: 'an array',
  object: 'an object',
  either: 'another type',
};

/** The first thing about `value` that does not fit, worded as OpenAI words it; `param` is the path to it. */
export function checkShape(value: Json, shape: Shape, path = ''): Complaint | undefined {
  if (value === null && shape.nullable === true) return undefined;
  switch (shape.is) {
    case 'string':
      return checkString(value, shape, path);
    case 'number':
    case 'integer':
      return checkNumber(value, shape, path);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : wrongType(value, shape, path);
    case 'array':
      return checkArray(value, shape, path);
    case 'object':
      return checkObject(value, shape, path);
    case 'either': {
      const branch = shape.of.find((candidate) => sameType(value, candidate));
      return branch === undefined ? wrongType(value, shape, path) : checkShape(value, branch, path);
    }
  }
}

/** Paths of fields that `shape` does not describe. Maps (`rest`) and free objects describe every field. */
export function unknownFields(value: Json, shape: Shape, path = ''): readonly string[] {
  if (shape.is === 'either') {
    const branch = shape.of.find((candidate) => sameType(value, candidate));
    return branch === undefined ? [] : unknownFields(value, branch, path);
  }
  if (shape.is === 'array' && Array.isArray(value)) {
    return value.flatMap((item: Json, index) => unknownFields(item, shape.items, `${path}[${index}]`));
  }
  if (shape.is !== 'object' || shape.fields === undefined || !isObject(value)) return [];
  const fields = shape.fields;
  return Object.entries(value).flatMap(([name, field]) => {
    const known = Object.hasOwn(fields, name) ? fields[name] : shape.rest;
    return known === undefined ? [join(path, name)] : unknownFields(field, known, join(path, name));
  });
}

function checkString(value: Json, shape: Shape & { is: 'string' }, path: string): Complaint | undefined {
  if (typeof value !== 'string') return wrongType(value, shape, path);
  if (shape.oneOf !== undefined && !shape.oneOf.includes(value)) {
    return complain(
      path,
      'invalid_value',
      `Invalid value: '${value}'. Supported values are: ${listed(shape.oneOf)}.`,
    );
  }
  // JSON Schema counts characters, not UTF-16 units.
  const length = [...value].length;
  if (shape.maxLength !== undefined && length > shape.maxLength) {
    return complain(
      path,
      'string_above_max_length',
      `Invalid '${path}': string too long. Expected a string with maximum length ${shape.maxLength}, but got a string with length ${length} instead.`,
    );
  }
  return undefined;
}

function checkNumber(
  value: Json,
  shape: Shape & { is: 'number' | 'integer' },
  path: string,
): Complaint | undefined {
  if (typeof value !== 'number') return wrongType(value, shape, path);
  if (shape.is === 'integer' && !Number.isInteger(value)) return wrongType(value, shape, path);
  const noun = shape.is === 'integer' ? 'integer' : 'decimal';
  if (shape.max !== undefined && value > shape.max) {
    return complain(
      path,
      `${noun}_above_max_value`,
      `Invalid '${path}': ${noun} above maximum value. Expected a value <= ${shape.max}, but got ${value} instead.`,
    );
  }
  if (shape.min !== undefined && value < shape.min) {
    return complain(
      path,
      `${noun}_below_min_value`,
      `Invalid '${path}': ${noun} below minimum value. Expected a value >= ${shape.min}, but got ${value} instead.`,
    );
  }
  return undefined;
}

function checkArray(value: Json, shape: Shape & { is: 'array' }, path: string): Complaint | undefined {
  if (!Array.isArray(value)) return wrongType(value, shape, path);
  const items: readonly Json[] = value;
  if (shape.min !== undefined && items.length < shape.min) {
    const got = items.length === 0 ? 'an empty array' : `an array with length ${items.length}`;
    return complain(
      path,
      items.length === 0 ? 'empty_array' : 'array_below_min_length',
      `Invalid '${path}': array too short. Expected an array with minimum length ${shape.min}, but got ${got} instead.`,
    );
  }
  if (shape.max !== undefined && items.length > shape.max) {
    return complain(
      path,
      'array_above_max_length',
      `Invalid '${path}': array too long. Expected an array with maximum length ${shape.max}, but got an array with length ${items.length} instead.`,
    );
  }
  for (const [index, item] of items.entries()) {
    const complaint = checkShape(item, shape.items, `${path}[${index}]`);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function checkObject(value: Json, shape: Shape & { is: 'object' }, path: string): Complaint | undefined {
  if (!isObject(value)) return wrongType(value, shape, path);
  for (const name of shape.required ?? []) {
    if (!Object.hasOwn(value, name)) return missing(join(path, name));
  }
  const names = Object.keys(value);
  if (shape.maxFields !== undefined && names.length > shape.maxFields) {
    return complain(
      path,
      'object_above_max_properties',
      `Invalid '${path}': too many properties. Expected an object with at most ${shape.maxFields} properties, but got an object with ${names.length} properties instead.`,
    );
  }
  for (const [name, field] of Object.entries(value)) {
    const known =
      shape.fields !== undefined && Object.hasOwn(shape.fields, name) ? shape.fields[name] : shape.rest;
    const complaint = known === undefined ? undefined : checkShape(field, known, join(path, name));
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

export function missing(path: string): Complaint {
  return complain(path, 'missing_required_parameter', `Missing required parameter: '${path}'.`);
}

export function complain(param: string, code: string, message: string): Complaint {
  return { message, param, code };
}

function wrongType(value: Json, shape: Shape, path: string): Complaint {
  const expected =
    shape.is === 'either' ? `one of ${shape.of.map((one) => nouns[one.is]).join(' or ')}` : nouns[shape.is];
  return complain(
    path,
    'invalid_type',
    `Invalid type for '${path}': expected ${expected}, but got ${nounOf(value)} instead.`,
  );
}

function nounOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return nouns.array;
  if (typeof value === 'number') return Number.isInteger(value) ? nouns.integer : nouns.number;
  if (typeof value === 'string') return nouns.string;
  return typeof value === 'boolean' ? nouns.boolean : nouns.object;
}

function sameType(value: Json, shape: Shape): boolean {
  if (value === null) return shape.nullable === true;
  switch (shape.is) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'number':
    case 'integer':
      return typeof value === 'number';
    case 'string':
    case 'boolean':
      return typeof value === shape.is;
    case 'either':
      return shape.of.some((one) => sameType(value, one));
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function listed(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2
    ? last
    : `${quoted.slice(0, -1).join(', ')}${quoted.length > 2 ? ',' : ''} and ${last}`;
}
