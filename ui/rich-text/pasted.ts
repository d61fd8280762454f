import { parseHtml } from "./parse-html.ts";

/** What would run, fetch or be sent by itself. */
const unwelcome = "script, iframe, frame, object, embed, applet, form, input, textarea, select, base, link";

/** What is pasted, without what no e-mail may hold. */
export interface Pasted {
  html: string;
  /** What was taken away, by its name in HTML. */
  removed: string[];
  /** It has rows and columns, which only the source can hold. */
  hasTable: boolean;
}

export function readPasted(html: string): Pasted {
  const { body, head } = parseHtml(html);
  const removed = new Set<string>();
  for (const element of [...head.querySelectorAll("script"), ...body.querySelectorAll(unwelcome)]) {
    removed.add(element.localName);
    element.remove();
  }
  for (const element of body.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const runs = name.startsWith("on");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they hide the kind of a link
      const isScript = /^(javascript|vbscript):/i.test(value.replace(/[\u0000-\u0020]+/g, ""));
      if (!runs && !isScript) continue;
      removed.add(runs ? name : `${name} javascript`);
      element.removeAttribute(name);
    }
  }
  // A sheet of styles comes with every table that is copied, and says nothing that was lost.
  for (const sheet of body.querySelectorAll("style, meta")) sheet.remove();
  const hasTable = [...body.querySelectorAll("table")].some((table) => table.querySelectorAll("td, th").length > 1);
  return { html: body.innerHTML.replace(/<!--.*?-->/gs, "").trim(), removed: [...removed], hasTable };
}
