import { expect, test } from "vitest";
import { markAsTest } from "./mark-as-test.ts";

const email = { channel: "email", subject: "Offer", text: "Hello", html: null } as const;

test("a text message says TEST before its text, and has nothing else", () => {
  expect(markAsTest({ channel: "sms", subject: null, text: "Hi Ann", html: null }, "Ann")).toEqual({
    subject: null,
    text: "TEST: Hi Ann",
    html: null,
  });
});

test("an e-mail says it in its subject, its text and its HTML, as the first that is seen", () => {
  const marked = markAsTest({ ...email, html: `<html><body class="a > b" style='x'><p>Hello</p></body></html>` }, "Ann");
  expect(marked.subject).toBe("TEST: Offer");
  expect(marked.text).toBe("TEST. Ann would get this:\n\nHello");
  expect(marked.html).toMatch(
    /^<html><body class="a > b" style='x'><div [^>]+>TEST\. Ann would get this:<\/div><p>Hello<\/p><\/body><\/html>$/,
  );
  expect(markAsTest({ ...email, html: "<p>Hello</p>" }, "Ann").html).toMatch(/^<div [^>]+>TEST\..*<\/div><p>Hello<\/p>$/);
});

test("a name that looks like HTML is text, and who has no name is the contact", () => {
  expect(markAsTest({ ...email, html: "<p></p>" }, `<img src=x onerror="1">`).html).toContain("&lt;img src=x onerror=&quot;1&quot;&gt;");
  expect(markAsTest({ ...email, subject: null }, null)).toMatchObject({
    subject: "TEST:",
    text: expect.stringContaining("The contact would"),
  });
});
