import { simpleMode, type Rule } from '@codemirror/legacy-modes/mode/simple-mode';

const values: readonly Rule[] = [
  { regex: /\$\$?[({][\w.-]+[)}]|\$[@<^+?*%]|\$\w/, token: 'def' },
  { regex: /\$[({]([\w-]+)(?=[\s,])/, token: 'keyword' },
  { regex: /"(?:[^"\\]|\\.)*"?|'[^']*'?/, token: 'string' },
];

/** Makefiles: rules, variables, functions and directives. */
export const makefile = simpleMode({
  start: [
    { regex: /\t[@+-]*/, sol: true, push: 'recipe' },
    { regex: /\s*#.*/, token: 'comment' },
    {
      regex:
        /\s*-?(?:include|sinclude|ifn?def|ifn?eq|else|endif|define|endef|export|unexport|override|vpath)\b/,
      sol: true,
      token: 'keyword',
    },
    { regex: /\s*[\w.-]+(?=\s*(?:[:+?!]|::)?=)/, sol: true, token: 'type' },
    { regex: /\.[A-Z_]+(?=\s*:)/, sol: true, token: 'keyword' },
    { regex: /[^\s#:=$][^#:=$]*(?=:(?!=))/, sol: true, token: 'def' },
    ...values,
  ],
  recipe: [{ regex: /#.*$/, token: 'comment', pop: true }, ...values, { regex: /.(?=$)/, pop: true }],
});
