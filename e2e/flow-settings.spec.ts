import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The settings of a flow: one is changed, taken back, changed again and published, and holds for the next send.

const position = { x: 0, y: 0 };
const flow = {
  nodes: [
    { id: "start", type: "start", position, data: { config: {} } },
    { id: "wait", type: "delay", position, data: { config: { mode: "duration", amount: 1, unit: "days" } } },
    { id: "end", type: "end", position, data: {} },
  ],
  edges: [
    { id: "e1", source: "start", target: "wait" },
    { id: "e2", source: "wait", target: "end" },
  ],
};
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible();

test("a setting is changed by keyboard, undone, published, and holds for the next send and for who waits inside", async ({ page }) => {
  const lastname = `Settled${Date.now()}`;
  const person = (leadStatus: string) => call<{ id: string }>("/api/contacts", { firstname: leadStatus, lastname, leadStatus });
  const [fits, other] = [await person("New"), await person("Contacted")];
  const { id } = await call<{ id: string }>("/api/flows", { name: `Settings ${Date.now()}`, ...flow });

  await beginSession(page);
  await page.goto(`${product().url}/flows/${id}?tab=settings`);
  const rule = page.getByRole("checkbox", { name: /Let in only contacts that fit/ });
  await rule.focus();
  await page.keyboard.press("Space");
  const tests = page.getByRole("group", { name: "whom the flow lets in" });
  await expect(tests).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(tests).toHaveCount(0);
  await page.getByRole("button", { name: "Redo" }).click();
  await tests.getByRole("combobox", { name: "Value" }).selectOption("New");
  await page.getByRole("checkbox", { name: /End for contacts that fit/ }).press("Space");
  const exits = page.getByRole("group", { name: "whom the flow ends for" });
  await exits.getByRole("combobox", { name: "Value" }).selectOption("Customer");
  await saved(page);
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "flow-settings");

  await page.getByRole("button", { name: "Publish…" }).click();
  await page.getByRole("dialog", { name: "Publish" }).getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Everything is published." })).toBeVisible();
  const { send } = await call<{ send: { id: string } }>("/api/sends", {
    flowId: id,
    selection: { type: "ids", ids: [fits.id, other.id] },
  });
  const sendId = send.id;
  const { items } = await call<{ items: unknown[] }>(`/api/sends/${sendId}/skips`);
  expect(items).toMatchObject([{ contactId: other.id, reason: "entry_rule" }]);
  const first = async () =>
    (await call<{ items: { status: string; endedReason: string | null }[] }>(`/api/executions?sendId=${sendId}`)).items[0];
  await expect.poll(async () => (await first())?.status).toBe("running");
  await call(`/api/contacts/${fits.id}`, { leadStatus: "Customer" }, "PATCH");
  await expect.poll(async () => (await first())?.endedReason).toBe("exit_rule");
});
