import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { flowTemplates } from "./flow-templates.ts";

let app: TestApp;
let editor: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

const day = 86_400_000;
/** How far the runs have turned the clock forward. */
let ahead = 0;
const inDays = (days: number) => new Date(Date.now() + ahead + days * day).toISOString().slice(0, 10);

/** What a contact gets who has everything that the templates ask for, and the step at which the flow ends. */
const runs: Record<string, { channels: string[]; end: string }> = {
  welcome: { channels: ["sms", "email"], end: "end" },
  "follow-up": { channels: ["email", "sms", "email"], end: "end" },
  "appointment-reminder": { channels: ["sms", "email"], end: "end" },
  "review-request": { channels: ["sms", "email"], end: "end" },
  "win-back": { channels: ["email", "sms"], end: "end" },
  birthday: { channels: ["sms", "email"], end: "end" },
};

test.each(flowTemplates.map(({ id }) => id))("%s runs to its end, and its messages are captured", async (templateId) => {
  const contact = await editor.post("/api/contacts", {
    firstname: "Ann",
    email: `${templateId}@example.com`,
    phoneNumber: `+1415555${1000 + flowTemplates.findIndex(({ id }) => id === templateId)}`,
    metadata: { appointment: inDays(20), birthday: `1980${inDays(30).slice(4)}` },
  });
  expect(contact.status, JSON.stringify(contact.body)).toBe(201);
  const flow = await editor.post("/api/flows/from-template", { templateId, name: `Run of ${templateId}` });
  await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [contact.body.id] } });
  const execution = async () => (await editor.get(`/api/executions?contactId=${contact.body.id}`)).body.items[0];
  // Every wait of a template is over within these days.
  for (let days = 0; days < 60 && (await execution()).status !== "completed"; days += 1) {
    await app.driver.runUntilIdle();
    app.driver.clock.forward(day);
    ahead += day;
  }
  const { id, status } = await execution();
  expect(status).toBe("completed");
  const { items } = (await editor.get(`/api/messages?contactId=${contact.body.id}`)).body;
  expect(items.map((message: { channel: string }) => message.channel).reverse()).toEqual(runs[templateId]?.channels);
  expect(items.every((message: { provider: string; status: string }) => message.provider === "capture" && message.status === "sent")).toBe(
    true,
  );
  const steps = (await editor.get(`/api/executions/${id}/steps`)).body.items;
  expect(steps.at(-1).nodeId).toBe(runs[templateId]?.end);
});
