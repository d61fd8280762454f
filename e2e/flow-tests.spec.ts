import { expect, type Page, test } from "@playwright/test";
import { findings, wideLooks } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What was tried once is tried again by itself: a simulation is saved as a test, and keeps a flow that broke from going live.

test.beforeEach(({ page }) => beginSession(page));

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });

async function openTests(page: Page, flowId: string): Promise<void> {
  await page.goto(`${product().url}/flows/${flowId}?tab=tests`);
  await expect(page.getByRole("tab", { name: "Tests", exact: true })).toBeVisible({ timeout: 45_000 });
}

test("a simulation becomes a test; an edit that breaks it keeps the flow from being published until the test is mended", async ({
  page,
}) => {
  test.setTimeout(400_000);
  const flow = {
    name: `To be tested ${Date.now()}`,
    nodes: [
      node("start", "start"),
      node("wait", "delay", { mode: "duration", amount: 2, unit: "days" }),
      node("hello", "send_sms", { text: "Hello {{ firstname }}" }),
    ],
    edges: [
      { id: "1", source: "start", target: "wait" },
      { id: "2", source: "wait", target: "hello" },
    ],
  };
  const { id } = await call<{ id: string }>("/api/flows", flow);

  await openTests(page, id);
  await expect(page.getByText("No tests yet")).toBeVisible();
  await takePictures(page, "flow-tests-empty");
  await page.getByRole("button", { name: "Open the simulator", exact: true }).click();
  const side = page.getByRole("dialog", { name: "Simulate", exact: true });
  await side.getByText("Somebody made up").click();
  await side.getByLabel("First name").fill("Grace");
  await side.getByLabel("Phone number").fill("+1 202 555 0143");
  await side.getByRole("button", { name: "Simulate", exact: true }).click();
  await expect(side.getByText("Hello Grace")).toBeVisible({ timeout: 45_000 });
  await side.getByRole("button", { name: "Save as a test…", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Save as a test", exact: true });
  await expect(dialog.getByLabel("A message that contains")).toHaveValue("Hello Grace");
  await dialog.getByRole("button", { name: "Save the test", exact: true }).click();
  await expect(dialog.getByText("Enter a name")).toBeVisible();
  await dialog.getByLabel("Name", { exact: true }).fill("Grace is greeted");
  await takePictures(page, "flow-test-save");
  expect(await findings(page, wideLooks)).toEqual([]);
  await dialog.getByRole("button", { name: "Save the test", exact: true }).click();
  await expect(dialog).toBeHidden();

  await openTests(page, id);
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await expect(page.getByText("The test passes", { exact: true })).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText("They walk every way of the flow.")).toBeVisible();

  const { revision } = await call<{ revision: string }>(`/api/flows/${id}/draft`);
  const edited = { baseRevision: revision, nodes: { put: [node("hello", "send_sms", { text: "Hello you" })] } };
  await call(`/api/flows/${id}/draft`, edited, "PATCH");
  await page.reload();
  await page.getByRole("button", { name: "Run all", exact: true }).click();
  await expect(page.getByText("The test does not pass", { exact: true })).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText("It sent “Hello you”.")).toBeVisible();
  await takePictures(page, "flow-tests-failing");
  expect(await findings(page)).toEqual([]);

  await page.getByRole("tab", { name: "Builder", exact: true }).click();
  await page.getByRole("button", { name: "Publish…", exact: true }).click({ timeout: 45_000 });
  const publish = page.getByRole("dialog", { name: "Publish", exact: true });
  await expect(publish.getByText("1 test does not pass")).toBeVisible({ timeout: 45_000 });
  const anyway = publish.getByRole("button", { name: "Publish anyway", exact: true });
  await expect(anyway).toBeDisabled();
  await publish.getByLabel("Why it is published all the same").fill("It is urgent");
  await expect(anyway).toBeEnabled();
  await takePictures(page, "flow-tests-publish");
  expect(await findings(page)).toEqual([]);
  await publish.getByRole("button", { name: "Cancel", exact: true }).click();

  await openTests(page, id);
  await page.getByRole("button", { name: "Show the simulation of “Grace is greeted”", exact: true }).click();
  await expect(side.getByText("Something comes otherwise than the test expects")).toBeVisible({ timeout: 45_000 });
  await takePictures(page, "flow-test-shown");
  await side.getByRole("button", { name: "Expect what is seen now…", exact: true }).click();
  const change = page.getByRole("dialog", { name: "Change the test", exact: true });
  await expect(change.getByLabel("A message that contains")).toHaveValue("Hello you");
  await change.getByRole("button", { name: "Save the test", exact: true }).click();
  await expect(side.getByText("Everything comes as the test expects.")).toBeVisible({ timeout: 45_000 });
  await side.getByRole("button", { name: "Close", exact: true }).click();

  await page.getByRole("button", { name: "Publish…", exact: true }).click();
  await expect(publish.getByText("The test passes.", { exact: true })).toBeVisible({ timeout: 45_000 });
  await publish.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(publish).toBeHidden({ timeout: 45_000 });
  await page.getByRole("tab", { name: "Versions", exact: true }).click();
  await expect(page.getByText("Its test passed")).toBeVisible({ timeout: 45_000 });
});
