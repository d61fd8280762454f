import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A flow begins from a template: it is seen before it is chosen, and then is a draft in the builder.

// Each looks at several screens in four ways.
test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ page }) => beginSession(page));

const openTemplates = async (page: Page) => {
  await page.getByRole("button", { name: "New flow", exact: true }).click();
  await page.getByRole("menuitem", { name: "From a template…" }).click();
  const dialog = page.getByRole("dialog", { name: "New flow from a template" });
  await expect(dialog.getByRole("button", { name: "Use this template" })).toBeVisible();
  return dialog;
};

test("a template is drawn and told step by step before it is chosen", async ({ page }) => {
  await page.goto(`${product().url}/flows`);
  const dialog = await openTemplates(page);
  const list = dialog.getByRole("list", { name: "Templates" });
  await expect(list.getByRole("listitem")).toHaveCount(6);
  await expect(dialog.getByRole("application", { name: "Drawing of Welcome" })).toContainText("Welcome SMS");
  await takePictures(page, "templates-welcome");
  await list.getByRole("button", { name: /^Follow-up/ }).click();
  await expect(dialog.getByRole("application", { name: "Drawing of Follow-up" })).toContainText("Already a customer?");
  await expect(dialog.getByRole("listitem").filter({ hasText: /^Last e-mail/ })).toContainText("Still interested");
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "templates-follow-up");
  await list.getByRole("button", { name: /^Birthday/ }).click();
  await expect(dialog.getByText("Contacts need the custom field “birthday”")).toBeVisible();
});

test("on a phone the list and the template take turns", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${product().url}/flows`);
  await page.getByRole("button", { name: "New flow", exact: true }).click();
  await page.getByRole("menuitem", { name: "From a template…" }).click();
  const dialog = page.getByRole("dialog", { name: "New flow from a template" });
  await dialog.getByRole("button", { name: /^Welcome/ }).click();
  await expect(dialog.getByRole("application", { name: "Drawing of Welcome" })).toContainText("Welcome SMS");
  await dialog.getByRole("button", { name: "All templates" }).click();
  await dialog.getByRole("button", { name: /^Win-back/ }).click();
  await expect(dialog.getByRole("application", { name: "Drawing of Win-back" })).toContainText("Came back");
});

test("a newcomer comes from New flow to a published welcome flow in less than a minute", async ({ page }) => {
  await page.goto(`${product().url}/flows`);
  await expect(page.getByRole("button", { name: "New flow", exact: true })).toBeVisible({ timeout: 60_000 });
  const begun = performance.now();
  const dialog = await openTemplates(page);
  await dialog.getByRole("button", { name: "Use this template" }).click();
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toContainText("Welcome e-mail", { timeout: 60_000 });
  const drafted = performance.now();
  await takePictures(page, "template-draft");
  const resumed = performance.now();
  await page.getByRole("button", { name: "Publish…", exact: true }).click();
  const publish = page.getByRole("dialog", { name: "Publish" });
  await publish.getByRole("button", { name: /^Publish/ }).click();
  await expect(page.getByText("Version 1 is live")).toBeVisible({ timeout: 60_000 });
  const seconds = (drafted - begun + performance.now() - resumed) / 1000;
  console.info(`From New flow to a published welcome flow: ${seconds.toFixed(1)} s and 5 clicks, people's reading not counted.`);
  await takePictures(page, "template-published");
  expect(seconds).toBeLessThan(60);
});

test("every template runs in the demo workspace as it is", async () => {
  const { items } = await call<{ items: { id: string; name: string }[] }>("/api/flow-templates");
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const contact = await call<{ id: string }>("/api/contacts", {
    firstname: "Tess",
    email: `tess.${Date.now()}@example.com`,
    metadata: { appointment: inDays(20), birthday: `1980${inDays(30).slice(4)}` },
  });
  for (const { id } of items) {
    const flow = await call<{ id: string }>("/api/flows/from-template", { templateId: id, as: "draft" });
    const { revision } = await call<{ revision: string }>(`/api/flows/${flow.id}/draft`);
    await call(`/api/flows/${flow.id}/publish`, { revision });
    await call("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [contact.id] } });
    // It waits for its next step, or has come to its end.
    const stands = async () => {
      const { items } = await call<{ items: { status: string; wakeAt: string | null }[] }>(`/api/executions?flowId=${flow.id}`);
      return items[0]?.wakeAt ? "waits" : items[0]?.status;
    };
    await expect.poll(stands, { timeout: 60_000 }).toMatch(/^(waits|completed)$/);
  }
});
