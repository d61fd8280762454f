import { parseTemplate } from "#contract/template.ts";

/** Scheme and host are literal, so that no data decides where a call goes. Fields may stand in the rest. */
const shape = /^https?:\/\/[^\s/?#{}\\@]+([/?].*)?$/i;

/** Says what is wrong with the address of a webhook as its author wrote it. */
export function urlProblem(text: string): string | undefined {
  const { parts } = parseTemplate(text);
  if (!shape.test(text)) {
    return "The address begins with https:// or http:// and a host; merge fields, user names and passwords cannot stand there";
  }
  if (text.includes("#")) return 'The part behind "#" is never sent: leave it out';
  const filled = parts?.map((part) => ("text" in part ? part.text : "x")).join("") ?? "";
  return URL.canParse(filled) ? undefined : "The address is not a complete one, such as https://example.com/path";
}

/** Whether the path holds a segment `.` or `..`. A value that does so would lead to another path than the author's. */
export const hasDotSegment = (url: string) => (url.split("?")[0] ?? "").split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
