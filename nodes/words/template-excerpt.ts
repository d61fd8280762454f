import { parseTemplate } from "#contract/template.ts";

const longest = 90;

/**
 * The beginning of a message as one line: “Hi {{firstname}}, thanks for …”. Filters of merge fields are left out, and
 * line breaks become spaces.
 */
export const templateExcerpt = (text: string): string => {
  const { parts } = parseTemplate(text);
  const plain = parts ? parts.map((part) => ("text" in part ? part.text : `{{${part.source}}}`)).join("") : text;
  const line = plain.replace(/\s+/g, " ").trim();
  return line.length <= longest ? `“${line}”` : `“${line.slice(0, longest).replace(/[\s,.;:]*\S*$/, "")}…”`;
};
