import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The numbers of a flow's steps on its drawing: each leads to the enrollments that it counts.

const position = { x: 0, y: 0 };
const flow = {
  nodes: [
    { id: "start", type: "start", position, data: {} },
    { id: "hello", type: "send_sms", position, data: { label: "Say hello", config: { text: "Hello" } } },
    { id: "wait", type: "delay", position, data: { label: "Wait a day", config: { mode: "duration", amount: 1, unit: "days" } } },
    { id: "end", type: "end", position, data: {} },
  ],
  edges: [
    { id: "e1", source: "start", target: "hello" },
    { id: "e2", source: "hello", target: "wait", sourceHandle: "sent" },
    { id: "e3", source: "hello", target: "wait", sourceHandle: "skipped" },
    { id: "e4", source: "wait", target: "end" },
  ],
};
const rows = (page: Page) => page.getByRole("row", { name: /Counted/ });

test("a number on a step leads to the enrollments that it counts, a share to those who left by the exit", async ({ page }) => {
  const lastname = `Counted${Date.now()}`;
  const numbers = ["+14155550171", "+14155550172", undefined];
  const contacts = await Promise.all(
    numbers.map((phoneNumber, at) =>
      call<{ id: string }>("/api/contacts", { firstname: `Nr${at}`, lastname, phoneNumber, evenIfTwin: true }),
    ),
  );
  const { id } = await call<{ id: string }>("/api/flows", { name: `To be counted ${Date.now()}`, ...flow });
  await call("/api/sends", { flowId: id, selection: { type: "ids", ids: contacts.map((contact) => contact.id) } });
  await expect
    .poll(async () => (await call<{ items: unknown[] }>(`/api/executions?flowId=${id}&nodeId=wait`)).items.length, { timeout: 30_000 })
    .toBe(3);

  await beginSession(page);
  await page.goto(`${product().url}/flows/${id}?tab=flow`);
  const waiting = page.getByRole("button", { name: "3 waiting at Wait a day: show them in the history" });
  await expect(waiting).toBeVisible();
  await expect(page.getByRole("button", { name: "2 passed at Say hello: show them in the history" })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "flow-numbers");

  await page.getByRole("button", { name: "1 skipped at Say hello: show them in the history" }).click();
  await expect(page.getByText("Skipped at “Say hello”")).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.goBack();
  await waiting.click();
  await expect(rows(page)).toHaveCount(3);

  await page.goto(`${product().url}/flows/${id}?tab=flow`);
  await page.getByText("Numbers", { exact: true }).click();
  await expect(waiting).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Numbers" })).not.toBeChecked();
  await page.getByText("Numbers", { exact: true }).click();
  await expect(waiting).toBeVisible();
});
