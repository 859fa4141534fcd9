// What oxlint cannot express with its own rules: this repository's import walls (resolved paths, type-only and
// dynamic imports included), names that no line of ours may use, and casts that give no reason.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { banned } from './banned.mjs';
import { wallViolation } from './rooms.mjs';

/**
 * oxlint exports its plugin types only as parts of others.
 * @typedef {Parameters<import('oxlint/plugins-dev').RuleTester['run']>[1]} Rule
 * @typedef {Parameters<Extract<Rule, { create: unknown }>['create']>[0]} Context
 * @typedef {Exclude<Parameters<Context['report']>[0]['node'], null | undefined>} Ranged
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The linted file as the tables spell it.
 * @param {Context} context
 */
function fileOf(context) {
  return path.relative(root, context.filename).replaceAll('\\', '/');
}

/**
 * Walls between rooms, and relative specifiers that name the file as it is.
 * @type {Rule}
 */
const rooms = {
  create(context) {
    const from = fileOf(context);
    if (!from.startsWith('src/') && !from.startsWith('webview/')) return {};

    const check = (/** @type {Ranged} */ node, /** @type {unknown} */ specifier) => {
      const report = (/** @type {string} */ message) => context.report({ node, message });
      if (typeof specifier !== 'string') {
        report('An import names its module in plain text, so that the walls can be checked.');
        return;
      }
      const isRelative = specifier.startsWith('.') || specifier.startsWith('/');
      if (isRelative && path.posix.extname(specifier) === '') {
        report(
          'A relative import ends in the file name as it is (.ts, .tsx): Node runs these files unbuilt.',
        );
      }
      const target = isRelative ? path.posix.join(path.posix.dirname(from), specifier) : specifier;
      const message = violation(from, target, isRelative ? 'file' : 'package');
      if (message !== undefined) report(message);
    };

    return {
      ImportDeclaration: ({ source }) => check(source, source.value),
      ExportAllDeclaration: ({ source }) => check(source, source.value),
      ExportNamedDeclaration: ({ source }) => {
        if (source !== null) check(source, source.value);
      },
      ImportExpression: ({ source }) => check(source, textOf(source)),
      TSImportType: ({ source }) => check(source, source.value),
      CallExpression: (node) => {
        const [first] = node.arguments;
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'require' || first === undefined)
          return;
        check(node, first.type === 'SpreadElement' ? undefined : textOf(first));
      },
    };
  },
};

/**
 * A file outside every room is a violation like any other, not a crash of the linter.
 * @param {string} from
 * @param {string} to
 * @param {"file" | "package"} kind
 */
function violation(from, to, kind) {
  try {
    return wallViolation(from, to, kind);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Methods that set an attribute, and which of their arguments is its name. */
const attributeSetters = new Map([
  ['setAttribute', 0],
  ['toggleAttribute', 0],
  ['setAttributeNS', 1],
]);

/**
 * Names that may not be mentioned as a property, an object key, a JSX attribute or an import.
 * @type {Rule}
 */
const bannedNames = {
  create(context) {
    const file = fileOf(context);
    const here = banned.filter(({ under }) => under.some((folder) => file.startsWith(`${folder}/`)));
    if (here.length === 0) return {};
    const named = (/** @type {"properties" | "switches" | "checks"} */ list) =>
      new Map(here.flatMap((ban) => (ban[list] ?? []).map((name) => [name, ban.why])));
    const properties = named('properties');
    const switches = named('switches');
    const checks = named('checks');

    /**
     * @param {Ranged} node
     * @param {string | undefined} name
     * @param {ReadonlyMap<string, string>} names
     */
    const refuse = (node, name, names) => {
      const why = name === undefined ? undefined : names.get(name);
      if (why !== undefined) context.report({ node, message: `${name}: ${why}` });
    };

    return {
      MemberExpression: ({ property, computed }) => refuse(property, keyName(property, computed), properties),
      Property: ({ key, value, computed, parent }) => {
        const name = keyName(key, computed);
        refuse(key, name, properties);
        if (parent.type === 'ObjectExpression') refuse(key, name, isFalse(value) ? checks : switches);
      },
      AssignmentExpression: ({ left, right }) => {
        if (left.type !== 'MemberExpression') return;
        refuse(left, keyName(left.property, left.computed), isFalse(right) ? checks : switches);
      },
      JSXAttribute: ({ name }) =>
        refuse(name, name.type === 'JSXIdentifier' ? name.name : undefined, properties),
      ImportSpecifier: ({ imported }) =>
        refuse(imported, imported.type === 'Identifier' ? imported.name : imported.value, properties),
      CallExpression: ({ callee, arguments: given }) => {
        if (callee.type !== 'MemberExpression') return;
        const position = attributeSetters.get(keyName(callee.property, callee.computed) ?? '');
        const name = position === undefined ? undefined : given[position];
        const text = name === undefined ? undefined : textOf(name);
        if (name === undefined || text === undefined) return;
        for (const { attributes, why } of here) {
          if (attributes?.test(text)) context.report({ node: name, message: `${text}: ${why}` });
        }
      },
    };
  },
};

/**
 * What the helpers below read of any node.
 * @typedef {object} Shape
 * @property {string} type
 * @property {unknown} [value]
 * @property {string} [name]
 * @property {string} [operator]
 * @property {Shape} [argument]
 * @property {readonly { value: { cooked?: string | null } }[]} [quasis]
 */

/**
 * The text of a string that is spelled out, whatever its quotes.
 * @param {{ readonly type: string }} node
 */
function textOf(node) {
  const { type, value, quasis } = /** @type {Shape} */ (node);
  if (type === 'Literal') return typeof value === 'string' ? value : undefined;
  if (type !== 'TemplateLiteral' || quasis?.length !== 1) return undefined;
  return quasis[0]?.value.cooked ?? undefined;
}

/**
 * The name that a key or member stands for, where it is spelled out.
 * @param {{ readonly type: string }} key
 * @param {boolean} computed
 */
function keyName(key, computed) {
  const { type, name } = /** @type {Shape} */ (key);
  return !computed && type === 'Identifier' ? name : textOf(key);
}

/**
 * `false`, `0`, `"0"` and `!1`, not `!strict`.
 * @param {{ readonly type: string }} node
 */
function isFalse(node) {
  const { type, value, operator, argument } = /** @type {Shape} */ (node);
  if (type === 'Literal') return value === false || value === 0 || value === '0';
  return type === 'UnaryExpression' && operator === '!' && argument?.type === 'Literal';
}

/**
 * A cast says why it is right, in a comment on its line or the line above.
 * @type {Rule}
 */
const castReason = {
  create(context) {
    /** @type {Set<number> | undefined} */
    let commented;
    return {
      TSAsExpression: (node) => {
        const target = node.typeAnnotation;
        if (target.type === 'TSUnknownKeyword') return;
        const name = target.type === 'TSTypeReference' ? target.typeName : undefined;
        if (name?.type === 'Identifier' && name.name === 'const') return;
        commented ??= new Set(
          context.sourceCode.getAllComments().flatMap(({ loc }) => [loc.start.line, loc.end.line]),
        );
        const { start, end } = node.loc;
        if ([start.line - 1, start.line, end.line].some((line) => commented?.has(line))) return;
        context.report({
          node,
          message: 'A cast carries its reason: say here or on the line above why it holds.',
        });
      },
    };
  },
};

export default {
  meta: { name: 'colloquy' },
  rules: { rooms, banned: bannedNames, 'cast-reason': castReason },
};
