import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The life of flows outside of the builder: files, copies, folders, templates, the archive and the bin.

test.beforeEach(({ page }) => beginSession(page));

const openFlows = async (page: Page) => {
  await page.goto(`${product().url}/flows`);
  // Which flows are in sight depends on how many the journeys before have made.
  await expect(page.getByRole("row").nth(1)).toBeVisible();
};
const report = (page: Page) => page.getByRole("region", { name: "Import report" });

/** A flow as another product stores it, with one step that is not known here. */
const foreignFlow = (name: string) => ({
  name,
  nodes: [
    { id: "t", type: "trigger", position: { x: 0, y: 0 }, data: { label: "Begin" } },
    {
      id: "a",
      type: "action",
      position: { x: 0, y: 100 },
      data: { label: "Say hello", actionType: "send-message", config: { text: "Hi {{ firstName }}" } },
    },
    {
      id: "n",
      type: "action",
      position: { x: 0, y: 200 },
      data: { label: "Give to Ada", actionType: "assign_agent", config: { agent: "Ada" } },
    },
    { id: "w", type: "delay", position: { x: 0, y: 300 }, data: { delay: 90 } },
    { id: "e", type: "end", position: { x: 0, y: 400 }, data: {} },
  ],
  edges: [
    { id: "1", source: "t", target: "a", data: { note: "Everybody" } },
    { id: "2", source: "a", target: "n" },
    { id: "3", source: "n", target: "w" },
    { id: "4", source: "w", target: "e" },
  ],
});

async function chooseImport(page: Page) {
  await page.getByRole("button", { name: "New flow", exact: true }).click();
  await page.getByRole("menuitem", { name: "Import a file…" }).click();
  return page.getByRole("dialog", { name: "Import a flow" });
}

test("a file of another product is imported, its report leads to each step, and what is exported is the same when it is imported again", async ({
  page,
}) => {
  const name = `From elsewhere ${Date.now()}`;
  await openFlows(page);
  const dialog = await chooseImport(page);
  await takePictures(page, "import-flow");
  await dialog.locator("input[type=file]").setInputFiles({
    name: "broken.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify({ nodes: [{ id: "a" }, { id: "a" }, 5], edges: [{ id: "e" }] })),
  });
  await expect(dialog).toContainText("broken.json");
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog.getByRole("list", { name: "Problems of the file" }).getByRole("listitem").first()).toBeVisible();
  await expect(dialog.getByRole("list", { name: "Problems of the file" })).toContainText("Step 3 is not an object");
  await expect(dialog.getByRole("list", { name: "Problems of the file" })).toContainText("Connection 1 does not say");
  await takePictures(page, "import-flow-refused");
  expect(await findings(page)).toEqual([]);

  await dialog.getByRole("button", { name: "Choose another" }).click();
  await dialog.getByLabel("Or paste it here").fill(JSON.stringify(foreignFlow(name)));
  await expect(dialog).toContainText("5 steps, 4 connections · from another product");
  await dialog.getByRole("button", { name: "Import", exact: true }).click();

  await expect(report(page)).toBeVisible({ timeout: 45_000 });
  await expect(report(page)).toContainText("There is no step like “assign_agent” here.");
  await expect(page.getByRole("treeitem").filter({ hasText: "Give to Ada" })).toBeVisible({ timeout: 45_000 });
  await report(page)
    .getByRole("button", { name: /Say hello/ })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Settings of Say hello" })).toBeVisible();
  await expect(page.getByLabel("Text", { exact: true })).toHaveValue("Hi {{ first_name }}");
  await takePictures(page, "import-report");
  await report(page)
    .getByRole("button", { name: /Give to Ada/ })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Settings of Give to Ada" })).toBeVisible();
  expect(await findings(page)).toEqual([]);

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Export as a file" }).click();
  const file = await (await saved).path();
  expect((await saved).suggestedFilename()).toBe(`${name}.flow.json`);
  const text = await readFile(file, "utf8");
  const first = JSON.parse(text);
  expect(first).toMatchObject({ sluice: "flow", version: 1, name });
  expect(first.edges[0].data.note).toBe("Everybody");

  // A whole flow that is pasted on the page of flows is an import.
  await openFlows(page);
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
  const again = page.getByRole("dialog", { name: "Import a flow" });
  await expect(again).toContainText("5 steps, 4 connections · exported by Sluice");
  await again.getByRole("button", { name: "Import", exact: true }).click();
  await expect(report(page)).toBeVisible({ timeout: 45_000 });
  const id = new URL(page.url()).pathname.split("/").at(-1);
  expect(await call<object>(`/api/flows/${id}/export`)).toEqual({ ...first, name: `${name} 2` });
});
