import * as v from 'valibot';
import { anyObject, list, object, word } from './shape.ts';

/** `parameters` is a JSON Schema; with `strict` the model keeps to it. */
export const FunctionObject = object({
  name: v.string(),
  description: v.optional(v.string()),
  parameters: v.optional(anyObject),
  strict: v.nullish(v.boolean()),
});
export type FunctionObject = v.InferOutput<typeof FunctionObject>;

export const ChatCompletionTool = object({ type: v.literal('function'), function: FunctionObject });
export type ChatCompletionTool = v.InferOutput<typeof ChatCompletionTool>;

/** A tool that takes free text, or text in a grammar. */
export const CustomToolChatCompletions = object({
  type: v.literal('custom'),
  custom: object({
    name: v.string(),
    description: v.optional(v.string()),
    format: v.optional(
      v.variant('type', [
        object({ type: v.literal('text') }),
        object({
          type: v.literal('grammar'),
          grammar: object({ definition: v.string(), syntax: word('lark', 'regex') }),
        }),
      ]),
    ),
  }),
});
export type CustomToolChatCompletions = v.InferOutput<typeof CustomToolChatCompletions>;

export const ChatCompletionAllowedToolsChoice = object({
  type: v.literal('allowed_tools'),
  allowed_tools: object({ mode: word('auto', 'required'), tools: list(anyObject) }),
});
export type ChatCompletionAllowedToolsChoice = v.InferOutput<typeof ChatCompletionAllowedToolsChoice>;

export const ChatCompletionNamedToolChoice = object({
  type: v.literal('function'),
  function: object({ name: v.string() }),
});
export type ChatCompletionNamedToolChoice = v.InferOutput<typeof ChatCompletionNamedToolChoice>;

export const ChatCompletionNamedToolChoiceCustom = object({
  type: v.literal('custom'),
  custom: object({ name: v.string() }),
});
export type ChatCompletionNamedToolChoiceCustom = v.InferOutput<typeof ChatCompletionNamedToolChoiceCustom>;

export const ChatCompletionToolChoiceOption = v.union([
  word('none', 'auto', 'required'),
  v.variant('type', [
    ChatCompletionAllowedToolsChoice,
    ChatCompletionNamedToolChoice,
    ChatCompletionNamedToolChoiceCustom,
  ]),
]);
export type ChatCompletionToolChoiceOption = v.InferOutput<typeof ChatCompletionToolChoiceOption>;

/** What tools were before there were tools. */
export const ChatCompletionFunctions = object({
  name: v.string(),
  description: v.optional(v.string()),
  parameters: v.optional(anyObject),
});
export type ChatCompletionFunctions = v.InferOutput<typeof ChatCompletionFunctions>;

export const ChatCompletionFunctionCallOption = object({ name: v.string() });
export type ChatCompletionFunctionCallOption = v.InferOutput<typeof ChatCompletionFunctionCallOption>;
