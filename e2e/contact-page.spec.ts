import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });
const edge = (source: string, target: string) => ({ id: `${source} ${target}`, source, target });

test("from the list to a contact’s own page: what is planned, a step that is skipped, and what came of it", async ({ page }) => {
  test.setTimeout(120_000);
  await beginSession(page);
  const stamp = Date.now();
  const phoneNumber = `+1415555${String(stamp).slice(-4)}`;
  const contact = await call<{ id: string }>("/api/contacts", { firstname: "Petra", lastname: String(stamp), phoneNumber });
  const nodes = [
    node("start", "start"),
    node("hello", "send_sms", { text: "Hello Petra" }),
    node("wait", "delay", { mode: "duration", amount: 3, unit: "days" }),
    node("later", "send_sms", { text: "How was it?" }),
  ];
  const edges = [edge("start", "hello"), edge("hello", "wait"), edge("wait", "later")];
  const flow = await call<{ id: string }>("/api/flows", { name: `Three days ${stamp}`, nodes, edges });
  await call("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [contact.id] }, undoSeconds: 0 });

  await page.goto(`${product().url}/contacts?contact=${contact.id}`);
  await page.getByRole("link", { name: "Everything about this contact" }).click();
  await expect(page.getByRole("heading", { name: `Petra ${stamp}`, level: 1 })).toBeVisible();
  const plan = page.getByRole("region", { name: "Now and next" });
  await expect(plan).toContainText("Waiting until", { timeout: 30_000 });
  await expect(plan).toContainText("If nothing changes");
  await expect(page.getByRole("region", { name: "What happened" })).toContainText("Hello Petra");
  await takePictures(page, "contact page");
  expect(await findings(page)).toEqual([]);

  await plan.getByRole("button", { name: "Skip this step…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Skip this step" }).click();
  await expect(page.getByRole("region", { name: "What happened" })).toContainText("How was it?", { timeout: 30_000 });
  await expect(page.getByRole("region", { name: "What happened" })).toContainText("Skipped by a person");
  await expect(plan).toContainText("is in no flow now");
});
