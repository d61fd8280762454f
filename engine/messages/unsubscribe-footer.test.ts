import { expect, test } from "vitest";
import type { ContactFields } from "../flow/node-executor.ts";
import { addUnsubscribeFooter } from "./unsubscribe-footer.ts";

const url = "https://sluice.example.com/u/abc";
const workspace = { name: "Ana & Sons", timeZone: "UTC", country: "US", postalAddress: "Main Street 1\nSpringfield" };
const contact = (metadata: Record<string, unknown> = {}) => ({ metadata }) as ContactFields;
const footed = (html: string | null, text = "Hello", metadata = {}) =>
  addUnsubscribeFooter({ subject: "Hi", text, html }, { url, contact: contact(metadata), workspace });

test("both parts end with the sender, the postal address and the link", () => {
  const { text, html } = footed("<p>Hello</p>");
  expect(text).toBe(`Hello\n\n-- \nAna & Sons, Main Street 1, Springfield\nUnsubscribe: ${url}\n`);
  expect(html).toContain("Ana &amp; Sons<br>Main Street 1<br>Springfield");
  expect(html?.split(`href="${url}"`)).toHaveLength(2);
});

test("a part that has the link already gets no second one, and still the postal address", () => {
  const { text, html } = footed(`<p><a href="${url}">No more</a></p>`, `Hello, ${url}`);
  expect(text.split(url)).toHaveLength(2);
  expect(html?.split(url)).toHaveLength(2);
  expect(html).toContain("Springfield");
});

test("the words are those of the contact's language, of any spelling of it, and else English", () => {
  const wordOf = (metadata: Record<string, unknown>) => footed(null, "x", metadata).text.split("\n").at(-2)?.split(":")[0];
  expect([{ language: "de-AT" }, { locale: "es_MX" }, { Language: "French" }, { lang: "el" }, { language: "xx" }, {}].map(wordOf)).toEqual([
    "Abmelden",
    "Darse de baja",
    "Se désabonner",
    "Διαγραφή από τη λίστα",
    "Unsubscribe",
    "Unsubscribe",
  ]);
});

test("it stands before the end of the body, and nothing of a name becomes markup", () => {
  const { html } = addUnsubscribeFooter(
    { subject: null, text: "x", html: "<html><body><p>x</p></body></html>" },
    { url, contact: contact(), workspace: { ...workspace, name: "<img src=x onerror=alert(1)>", postalAddress: null } },
  );
  expect(html).toMatch(/<p style[^>]*>&lt;img src=x onerror=alert\(1\)&gt;<br><a [^>]*>Unsubscribe<\/a><\/p><\/body><\/html>$/);
});
