import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A flow is tried for one person on a virtual clock, before it is published.

test.beforeEach(({ page }) => beginSession(page));

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });

test("a flow is simulated for somebody made up, who says STOP while waiting, and nothing is kept", async ({ page }) => {
  const flow = {
    name: `To be tried ${Date.now()}`,
    nodes: [
      node("start", "start"),
      node("hello", "send_sms", { text: "Hello {{ firstname }}" }),
      node("wait", "delay", { mode: "duration", amount: 2, unit: "days" }),
      node("again", "send_sms", { text: "Still there?" }),
      node("check", "condition", {
        branches: [{ id: "vip", label: "A customer", match: "all", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] }],
      }),
    ],
    edges: [
      { id: "1", source: "start", target: "hello" },
      { id: "2", source: "hello", target: "wait", sourceHandle: "sent" },
      { id: "3", source: "wait", target: "again" },
      { id: "4", source: "again", target: "check", sourceHandle: "skipped" },
    ],
  };
  const { id } = await call<{ id: string }>("/api/flows", flow);
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.keyboard.press("ControlOrMeta+Enter");
  const side = page.getByRole("dialog", { name: "Simulate" });
  if (!(await side.isVisible().catch(() => false))) await page.getByRole("button", { name: "Simulate", exact: true }).click();
  await expect(side.getByText("Nothing is sent, nothing is kept.")).toBeVisible();
  await side.getByText("Somebody made up").click();
  await side.getByLabel("First name").fill("Grace");
  await side.getByLabel("Phone number").fill("+1 202 555 0143");
  // At night the first message would wait for the morning.
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await side.getByLabel("Enters the flow").fill(`${tomorrow}T12:00`);
  await side.getByRole("button", { name: "STOP" }).click();
  await side.getByRole("button", { name: "Simulate", exact: true }).click();
  const told = side.getByRole("list", { name: "What happens" });
  await expect(told.getByText("Hello Grace")).toBeVisible({ timeout: 30_000 });
  await expect(told.getByText("1 day later").first()).toBeVisible();
  await expect(told.getByText("STOP: no SMS any more")).toBeVisible();
  await expect(told.getByText("lead status is Customer")).toBeVisible();
  await expect(side.getByText("The contact has left the flow")).toBeVisible();
  await side.getByText("The contact has left the flow").scrollIntoViewIfNeeded();
  await takePictures(page, "simulator");
  expect(await findings(page)).toEqual([]);
});
