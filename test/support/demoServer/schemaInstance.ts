import { isObject, type Json, type JsonObject } from './json.ts';
import { exampleText, type Hints } from './exampleText.ts';
import { patternText } from './patternText.ts';

/*
 * A value that fits a JSON Schema: what a model with structured outputs answers. Covered is what schemas for tools and
 * structured outputs use; `not`, `if`, `patternProperties` and `propertyNames` are not looked at, and of `oneOf` the
 * first branch is taken without checking that no other fits.
 */

interface Place {
  /** The name of the property that the value is for; of the array for its items. */
  readonly name: string;
  readonly depth: number;
  /** Which of several items: they differ, so that `uniqueItems` holds. */
  readonly variant: number;
}

const deep = 5;

export function schemaInstance(schema: Json, hints: Hints): Json {
  return new Instance(schema, hints).make(schema, { name: '', depth: 0, variant: 0 });
}

class Instance {
  readonly #root: Json;
  readonly #hints: Hints;

  constructor(root: Json, hints: Hints) {
    this.#root = root;
    this.#hints = hints;
  }

  make(schema: Json, place: Place): Json {
    const flat = this.#flatten(schema, place.depth);
    if ('const' in flat) return flat['const'] ?? null;
    if (Array.isArray(flat['enum'])) {
      const values: readonly Json[] = flat['enum'];
      return values[place.variant % Math.max(values.length, 1)] ?? null;
    }
    const type = this.#type(flat, place.depth);
    if (
      isPlain(flat) &&
      'default' in flat &&
      place.variant === 0 &&
      typeOf(flat['default'] ?? null) === type
    ) {
      return flat['default'] ?? null;
    }
    switch (type) {
      case 'object':
        return this.#object(flat, place);
      case 'array':
        return this.#array(flat, place);
      case 'number':
      case 'integer':
        return number(flat, type === 'integer', place.variant);
      case 'boolean':
        return place.variant % 2 === 0;
      case 'null':
        return null;
      case 'string':
        return this.#string(flat, place);
    }
  }

  /** The schema with its references, `allOf` and a branch of `anyOf` and `oneOf` folded in. */
  #flatten(schema: Json, depth: number): JsonObject {
    if (!isObject(schema)) return {};
    const { $ref: reference, allOf, anyOf, oneOf, ...own } = schema;
    let flat: JsonObject = own;
    if (typeof reference === 'string') flat = merge(this.#flatten(this.#resolve(reference), depth), flat);
    for (const part of list(allOf)) flat = merge(flat, this.#flatten(part, depth));
    for (const branches of [list(anyOf), list(oneOf)]) {
      if (branches.length > 0) flat = merge(flat, this.#flatten(this.#choose(branches, depth), depth));
    }
    return flat;
  }

  /** Null only where the value would otherwise become too deep. */
  #choose(branches: readonly Json[], depth: number): Json {
    const isNull = (branch: Json) => isObject(branch) && branch['type'] === 'null';
    const leaf = (branch: Json) =>
      isObject(branch) && !('$ref' in branch) && branch['type'] !== 'object' && branch['type'] !== 'array';
    const wanted = depth < deep ? branches.find((branch) => !isNull(branch)) : branches.find(leaf);
    return wanted ?? branches[0] ?? true;
  }

  #resolve(reference: string): Json {
    let target: Json = this.#root;
    for (const step of reference.split('/').slice(1)) {
      const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      const next: Json | undefined = Array.isArray(target)
        ? target[Number(name)]
        : isObject(target)
          ? target[name]
          : undefined;
      if (next === undefined) return true;
      target = next;
    }
    return target;
  }

  #type(flat: JsonObject, depth: number): JsonType {
    const type = flat['type'];
    if (Array.isArray(type)) {
      const names: readonly Json[] = type;
      const [first = 'string'] = names.filter((name) => (depth < deep ? name !== 'null' : name === 'null'));
      return knownType(first) ?? knownType(names[0] ?? '') ?? 'string';
    }
    const known = knownType(type ?? '');
    if (known !== undefined) return known;
    if ('properties' in flat || 'required' in flat) return 'object';
    if ('items' in flat || 'prefixItems' in flat) return 'array';
    return 'minimum' in flat || 'maximum' in flat || 'multipleOf' in flat ? 'number' : 'string';
  }

  #object(flat: JsonObject, place: Place): Json {
    const properties = isObject(flat['properties']) ? flat['properties'] : {};
    const required = list(flat['required']).filter((name) => typeof name === 'string');
    const names = place.depth < deep - 2 ? [...new Set([...Object.keys(properties), ...required])] : required;
    const entries = names.map((name): [string, Json] => [
      name,
      this.make(
        Object.hasOwn(properties, name) ? (properties[name] ?? true) : (flat['additionalProperties'] ?? true),
        {
          name,
          depth: place.depth + 1,
          variant: place.variant,
        },
      ),
    ]);
    const least = numeric(flat['minProperties']) ?? 0;
    for (let extra = 1; entries.length < least; extra += 1) {
      const name = `field${extra}`;
      entries.push([
        name,
        this.make(flat['additionalProperties'] ?? true, { ...place, name, depth: place.depth + 1 }),
      ]);
    }
    return Object.fromEntries(entries);
  }

  #array(flat: JsonObject, place: Place): Json {
    const fixed = list(flat['prefixItems']);
    const least = numeric(flat['minItems']) ?? 0;
    const most = numeric(flat['maxItems']) ?? Number.POSITIVE_INFINITY;
    const wanted =
      place.depth < deep - 1 ? Math.max(least, fixed.length, flat['items'] === false ? 0 : 2) : least;
    return Array.from({ length: Math.min(wanted, most) }, (_, index) =>
      this.make(fixed[index] ?? flat['items'] ?? true, {
        name: place.name,
        depth: place.depth + 1,
        variant: place.variant + index,
      }),
    );
  }

  #string(flat: JsonObject, place: Place): string {
    const least = numeric(flat['minLength']) ?? 0;
    const most = numeric(flat['maxLength']) ?? Number.POSITIVE_INFINITY;
    const pattern = flat['pattern'];
    const fitting = typeof pattern === 'string' ? patternText(pattern, least) : undefined;
    if (fitting !== undefined) return fitting;
    const format = typeof flat['format'] === 'string' ? flat['format'] : '';
    const text = exampleText(place.name, format, place.variant, this.#hints);
    const characters = [...text.padEnd(least, '.')];
    return format === '' ? characters.slice(0, most).join('') : text;
  }
}

type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

function knownType(name: Json): JsonType | undefined {
  const types: readonly JsonType[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
  return types.find((type) => type === name);
}

function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return knownType(typeof value) ?? 'object';
}

/** Without limits that a default or example could break. */
function isPlain(flat: JsonObject): boolean {
  return !Object.keys(flat).some((key) =>
    /^(?:min|max|exclusive|multipleOf|pattern|format|items|properties)/u.test(key),
  );
}

/** Both schemas at once: properties and required names of both, the tighter limits. */
function merge(one: JsonObject, other: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...one, ...other };
  for (const [key, value] of Object.entries(other)) {
    const before = one[key];
    if (before === undefined) continue;
    if (key === 'properties' && isObject(before) && isObject(value)) merged[key] = { ...before, ...value };
    else if (key === 'required') merged[key] = [...list(before), ...list(value)];
    else if (typeof before === 'number' && typeof value === 'number') {
      merged[key] = /^max|Maximum$/u.test(key) ? Math.min(before, value) : Math.max(before, value);
    }
  }
  return merged;
}

function number(flat: JsonObject, whole: boolean, variant: number): number {
  const step = numeric(flat['multipleOf']) ?? (whole ? 1 : undefined);
  const above = numeric(flat['exclusiveMinimum']);
  const below = numeric(flat['exclusiveMaximum']);
  const least = Math.max(
    numeric(flat['minimum']) ?? Number.NEGATIVE_INFINITY,
    above ?? Number.NEGATIVE_INFINITY,
  );
  const most = Math.min(
    numeric(flat['maximum']) ?? Number.POSITIVE_INFINITY,
    below ?? Number.POSITIVE_INFINITY,
  );
  if (step !== undefined) {
    const first = Math.max(Math.ceil(least / step) * step, Number.isFinite(least) ? least : step);
    const lowest = above !== undefined && first <= above ? first + step : first;
    const preferred = Math.ceil(lowest / step) * step + variant * step;
    if (below === undefined ? preferred <= most : preferred < most) return preferred;
    if (Number.isFinite(least)) return Math.ceil(lowest / step) * step;
    const top = Math.floor(most / step) * step;
    return below !== undefined && top >= below ? top - step : top;
  }
  if (Number.isFinite(least) && Number.isFinite(most)) return least + (most - least) / (2 + variant);
  if (Number.isFinite(least)) return least + 1.5 + variant;
  return Number.isFinite(most) ? most - 1.5 - variant : 1.5 + variant;
}

function numeric(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
