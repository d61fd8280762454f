import { expect, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

test.beforeEach(({ page }) => beginSession(page));
test.afterEach(async () => {
  const rules = await call<Record<string, unknown>>("/api/workspace/sending-rules");
  await call("/api/workspace/sending-rules", { ...rules, sandbox: { on: false, addresses: [] } }, "PUT");
});

test("an admin turns the sandbox on, and every page says so", async ({ page }) => {
  await page.goto(`${product().url}/settings/channels`);
  await page.getByText(/^Hours that the law adds/).click();
  await expect(page.getByRole("region", { name: "Hours by law" })).toBeVisible();
  await page.getByLabel(/^Write to these addresses only/).check({ force: true });
  await page.getByLabel("Allowed addresses").fill("+1 415 555 0100");
  await page.getByRole("button", { name: "Save sending rules", exact: true }).click();
  await expect(page.getByText("Sending rules saved")).toBeVisible();
  await expect(page.getByText(/^Sandbox: messages leave/)).toBeVisible();
  await page.getByRole("heading", { name: "Sending rules" }).scrollIntoViewIfNeeded();
  await takePictures(page, "sending-rules");
});
