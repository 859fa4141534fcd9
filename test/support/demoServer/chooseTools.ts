import { type ChatRequest, type Tool, type ToolChoice, toolName } from './chatRequest.ts';
import { placesIn, type Hints } from './exampleText.ts';
import { isObject } from './json.ts';
import type { DraftCall } from './plan.ts';
import { schemaInstance } from './schemaInstance.ts';

/**
 * The calls that the model would make, none for an answer in words. A named tool and `required` always lead to a call;
 * with `auto` a tool is called when the question shares a telling word with its name or description, unless the
 * conversation ends with tool results, which are then to be answered.
 */
export function chooseTools(request: ChatRequest, hints: Hints): readonly DraftCall[] {
  const choice = request.tool_choice ?? 'auto';
  const tools = allowed(request.tools ?? [], choice);
  const mode = typeof choice === 'string' ? choice : (choice.allowed_tools?.mode ?? 'required');
  const [first] = tools;
  if (first === undefined || mode === 'none') return [];

  const last = request.messages.at(-1)?.role;
  const wanted = last === 'user' ? tools.filter((tool) => isAbout(tool, hints.question)) : [];
  const chosen = wanted.length === 0 && mode === 'required' ? [first] : wanted;
  const calls = chosen.flatMap((tool) => callsOf(tool, hints));
  return request.parallel_tool_calls === false ? calls.slice(0, 1) : calls;
}

/** The one call that the model would make where it is offered functions, as before there were tools. */
export function chooseFunction(request: ChatRequest, hints: Hints): DraftCall | undefined {
  const { functions = [], function_call: choice = 'auto' } = request;
  const tools = functions.map((one): Tool => ({ type: 'function', function: one }));
  const tool_choice: ChatRequest['tool_choice'] =
    typeof choice === 'string' ? choice : { type: 'function', function: choice };
  return chooseTools({ ...request, tools, tool_choice }, hints)[0];
}

function allowed(tools: readonly Tool[], choice: ChatRequest['tool_choice']): readonly Tool[] {
  if (choice === undefined || typeof choice === 'string') return tools;
  if (choice.allowed_tools === undefined) return tools.filter((tool) => toolName(tool) === toolName(choice));
  const names = choice.allowed_tools.tools.map((one) => toolName(one as unknown as ToolChoice));
  return tools.filter((tool) => names.includes(toolName(tool)));
}

/** Words that say nothing about what a tool is for. */
const common = new Set(
  'about after also call current each from function get give given have into list make more name only other return returns show some tell that their them then there this tool used user uses using value what when where which with your'.split(
    ' ',
  ),
);

function isAbout(tool: Tool, question: string): boolean {
  const asked = new Set(tellingWords(question));
  const description = tool.function?.description ?? tool.custom?.description ?? '';
  const own = tellingWords(toolName(tool).replaceAll(/[_-]|(?<=[a-z])(?=[A-Z])/gu, ' '));
  if (own.some((word) => asked.has(word))) return true;
  return tellingWords(description).filter((word) => asked.has(word)).length >= 2;
}

function tellingWords(text: string): readonly string[] {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  return words.filter((word) => !common.has(word)).map((word) => word.replace(/(?<=\p{L}{3})s$/u, ''));
}

/** One call, or one for each place that the question names if that is what the tool wants to know. */
function callsOf(tool: Tool, hints: Hints): readonly DraftCall[] {
  const name = toolName(tool);
  if (tool.type === 'custom') return [{ name, type: 'custom', input: hints.code ?? hints.question }];
  const schema = tool.function?.parameters ?? {};
  const call = (fill: Hints): DraftCall => ({
    name,
    type: 'function',
    input: JSON.stringify(
      Object.keys(schema).length === 0 ? {} : schemaInstance({ type: 'object', ...schema }, fill),
    ),
  });
  const properties = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const places = placesIn(hints.question);
  if (places.length < 2 || !properties.some((property) => /location|city|place/iu.test(property)))
    return [call(hints)];
  return places.map((place) => call({ ...hints, question: `in ${place}` }));
}
