import { expect, test } from "@playwright/test";
import { startUnclaimed } from "./unclaimed-server.ts";

test("a newcomer opens the link of the console, becomes the owner and loads the demo workspace", async ({ page }) => {
  test.setTimeout(120_000);
  const { link, stop } = await startUnclaimed();
  try {
    await page.goto(link);
    await expect(page).not.toHaveURL(/#/);
    await page.getByLabel("Your name").fill("Nora Newcomer");
    await page.getByLabel("E-mail").fill("nora@example.com");
    await page.getByLabel("Password", { exact: true }).fill("a long enough password");
    await page.getByRole("button", { name: "Create owner account" }).click();
    await page.getByText("Load the demo workspace").first().click();
    await expect(page.getByRole("row", { name: /John Doe/ })).toBeVisible({ timeout: 30_000 });

    await page.context().clearCookies();
    await page.goto(link);
    await page.getByLabel("Your name").fill("Second Comer");
    await page.getByLabel("E-mail").fill("second@example.com");
    await page.getByLabel("Password", { exact: true }).fill("another long password");
    await page.getByRole("button", { name: "Create owner account" }).click();
    await expect(page.getByText("This Sluice has an owner already")).toBeVisible();
  } finally {
    await stop();
  }
});
