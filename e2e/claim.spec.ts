import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

test("a newcomer opens the link of the console, becomes the owner and loads the demo workspace", async ({ page }) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "sluice-claim-"));
  const server = spawn(process.execPath, ["scripts/start.mjs", "--port", "0", "--data", folder], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const link = await new Promise<string>((resolve, reject) => {
      let printed = "";
      server.stdout.on("data", (data) => {
        printed += data;
        const found = /http:\/\/\S+\/claim#\S+/.exec(printed);
        if (found) resolve(found[0]);
      });
      server.once("exit", (code) => reject(new Error(`The server ended with code ${code}: ${printed}`)));
    });
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
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});
