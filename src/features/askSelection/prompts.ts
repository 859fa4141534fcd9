/** The commands that send at once, and what they say in the user's name. The words are shown as the message. */
export const prompts = {
  explainSelection: 'Explain what this code does and how.',
  fixSelection: 'Find what is wrong with this code and fix it.',
  documentSelection: 'Write documentation comments for this code, in the style of its language.',
  testSelection: 'Write tests for this code.',
  reviewSelection: 'Review this code: correctness, edge cases, security, readability.',
} as const;

export type PromptName = keyof typeof prompts;
