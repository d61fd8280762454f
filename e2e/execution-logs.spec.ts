import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What was done in a flow is read step by step, narrowed, and followed to the person it was done for.

test.beforeEach(({ page }) => beginSession(page));

const flow = {
  nodes: [
    { id: "start", type: "start", data: {} },
    { id: "hello", type: "send_sms", data: { label: "Say hello", config: { text: "Hello" } } },
    { id: "wait", type: "delay", data: { label: "Wait a while", config: { mode: "duration", amount: 3, unit: "days" } } },
    { id: "end", type: "end", data: {} },
  ],
  edges: [
    { id: "1", source: "start", target: "hello" },
    { id: "2", source: "hello", target: "wait" },
    { id: "3", source: "wait", target: "end" },
  ],
};

test("a skipped step is found in the logs, opened, and its enrollments are found in the history", async ({ page }) => {
  const { id } = await call<{ id: string }>("/api/flows", { name: `To be logged ${Date.now()}`, ...flow });
  const { id: contactId } = await call<{ id: string }>("/api/contacts", { firstname: "Nophone", lastname: "Nell" });
  const selection = { type: "ids", ids: [contactId] };
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId: id, selection });
  const waiting = `/api/executions?flowId=${id}&nodeId=wait`;
  await expect.poll(async () => (await call<{ items: unknown[] }>(waiting)).items.length).toBe(1);

  await page.goto(`${product().url}/flows/${id}?tab=logs`);
  const table = page.getByRole("grid", { name: "Execution logs" });
  await expect(table.getByRole("row", { name: "Say hello, Nophone Nell" })).toBeVisible({ timeout: 45_000 });
  await takePictures(page, "execution-logs");
  expect(await findings(page)).toEqual([]);

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Reason").selectOption({ label: "No phone number" });
  await takePictures(page, "execution-logs-filter");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/reason=no_phone/);
  await expect(table.getByRole("row", { name: "Wait a while, Nophone Nell" })).toHaveCount(0);
  await table.getByRole("row", { name: "Say hello, Nophone Nell" }).press("Enter");
  await expect(page.getByRole("dialog").getByText("No phone number").first()).toBeVisible();
  await takePictures(page, "execution-logs-open");

  await page.goto(`${product().url}/flows/${id}?at=wait`);
  const history = page.getByRole("grid", { name: "Enrollment history" });
  await expect(history.getByRole("row", { name: "Nophone Nell" })).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText("Waiting at “Wait a while”")).toBeVisible();
  await takePictures(page, "history-filtered");
  await page.goto(`${product().url}/flows/${id}?failed=wait`);
  await expect(page.getByText("No enrollment matches")).toBeVisible({ timeout: 45_000 });
  await page.getByRole("button", { name: "Clear filters" }).first().click();
  await expect(history.getByRole("row", { name: "Nophone Nell" })).toBeVisible();

  await call(`/api/sends/${send.id}/stop`, {}, "POST");
});
