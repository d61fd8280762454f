import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importLimits } from "#contract/import-settings.ts";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const boundary = "----a-boundary-as-browsers-make-it";
const part = (name: string, content: string, more = "") =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
const form = (further: string) => {
  const settings = { importId: randomUUID(), columns: [{ header: "Name", target: "name" }] };
  return `${part("settings", JSON.stringify(settings))}${part("file", "Name\nAnn\n", '; filename="a.csv"')}${further}--${boundary}--\r\n`;
};
const send = async (body: string, type: string) => {
  const { headers } = await app.ours.as("editor");
  const answer = await fetch(`${app.url}/api/contacts/import`, { method: "POST", headers: { ...headers, "content-type": type }, body });
  return { status: answer.status, body: (await answer.json()) as { code?: string; error?: string } };
};

test.each([`multipart/form-data; boundary=${boundary}`, `multipart/form-data; charset=utf-8; boundary="${boundary}"`])(
  "a form of ten thousand parts is refused before it is taken apart, and one with a part of its client's own is read (%s)",
  async (type) => {
    expect(await send(form(part("x", "").repeat(10_000)), type)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(await send(form(part("client", "1")), type)).toMatchObject({ status: 200 });
  },
);

test("a file that is larger than a file may be is refused also where its form is no larger than a form may be", async () => {
  const file = "x".repeat(importLimits.bytes + 1);
  const body = `${part("settings", "{}")}${part("file", file, '; filename="a.csv"')}--${boundary}--\r\n`;
  expect(await send(body, `multipart/form-data; boundary=${boundary}`)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
});
