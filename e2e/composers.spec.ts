import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Texts of messages are written in the builder: with fields of contacts, as they leave for one of them.

test.beforeEach(({ page }) => beginSession(page));

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });

/** A flow of its own with one message, under a name that no other journey looks for. */
async function flowWith(message: { type: string; config: object }): Promise<string> {
  const nodes = [node("start", "start"), node("message", message.type, message.config), node("end", "end")];
  const edges = [
    { id: "a", source: "start", target: "message" },
    { id: "b", source: "message", target: "end" },
  ];
  const { id } = await call<{ id: string }>("/api/flows", { name: `Texts ${Date.now()}`, nodes, edges });
  return id;
}

async function openMessage(page: Page, flowId: string, name: RegExp): Promise<void> {
  await page.goto(`${product().url}/flows/${flowId}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.getByRole("treeitem").filter({ hasText: name }).first().click();
}

test("a field is put into a text by typing two braces, with what stands in where it is missing", async ({ page }) => {
  const flow = await flowWith({ type: "send_sms", config: { text: "Hello {{ fristname }}" } });
  await openMessage(page, flow, /Send SMS/);
  const text = page.getByLabel("Text", { exact: true });
  await page.getByRole("button", { name: "Use firstname" }).click();
  await expect(text).toHaveValue("Hello {{ firstname }}");
  await text.press("End");
  await text.pressSequentially(" of {{");
  await expect(page.getByRole("combobox", { name: "Which field" })).toBeFocused();
  await expect(page.getByRole("group", { name: "Custom fields" })).toBeVisible();
  await page.keyboard.type("last");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Write instead")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(text).toHaveValue(/^Hello \{\{ firstname \}\} of \{\{ lastname/);
  await expect(text).toBeFocused();
  await takePictures(page, "composer-fields-used");
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: "Put a field into “Text”" }).click();
  await page.keyboard.type("first");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Write instead")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("combobox", { name: "Which field" })).toBeFocused();
});

test("a text message is shown as it leaves for a contact, with what it costs, and leaves so", async ({ page }) => {
  const contact = await call<{ id: string }>("/api/contacts", {
    firstname: "Zoë “Curly”",
    lastname: "Composer",
    phoneNumber: "+14155550147",
    metadata: { plan: "gold" },
    evenIfTwin: true,
  });
  const text = `Hello {{ firstname }} – your plan is {{ custom.plan }}. ${"Thank you. ".repeat(6)}`;
  const flow = await flowWith({ type: "send_sms", config: { text } });
  await openMessage(page, flow, /Send SMS/);
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("combobox", { name: "Look for a contact" }).fill("Curly");
  await page.getByRole("option", { name: /Curly/ }).click();
  await expect(preview).toContainText("Hello Zoë “Curly” – your plan is gold.");
  const length = page.getByRole("status", { name: "Length" });
  await expect(length).toContainText("Zoë “Curly” Composer");
  await expect(length).toContainText("2 parts");
  await expect(length).toContainText("Longest of");
  await page.getByRole("button", { name: "Replace – with -" }).click();
  await expect(preview).toContainText("Hello Zoë “Curly” - your plan is gold.");
  await expect(page.getByText(/in the data of contacts are not in the short alphabet/)).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "composer-sms");

  // Whom it is shown for is remembered.
  await page.reload();
  await page
    .getByRole("treeitem")
    .filter({ hasText: /Send SMS/ })
    .first()
    .click();
  await expect(preview).toContainText("Hello Zoë “Curly” - your plan is gold.");
  const shown = await preview.getByText(/^Hello Zoë/).textContent();
  await preview.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("button", { name: "A made-up contact" }).click();
  await expect(preview).toContainText("Hello Alex - your plan is ‹plan›.");
  await takePictures(page, "composer-sms-sample");

  const draft = await call<{ revision: string }>(`/api/flows/${flow}/draft`);
  await call(`/api/flows/${flow}/publish`, { revision: draft.revision });
  await call("/api/sends", { flowId: flow, selection: { type: "ids", ids: [contact.id] } });
  const sent = () => call<{ items: { body: string; segments: number }[] }>(`/api/messages?contactId=${contact.id}`);
  await expect
    .poll(async () => (await sent()).items.map(({ body, segments }) => [body, segments]), { timeout: 30_000 })
    .toEqual([[shown, 2]]);
  await call(`/api/contacts/${contact.id}`, undefined, "DELETE");
});
