import { expect, type Page, test } from "@playwright/test";
import { randomFlow } from "../test/random-flow.ts";
import { beginSession, call, openContacts, product } from "./product.ts";

/** What the browser says of the content security policy, from now on. */
function collectReports(page: Page): string[] {
  const reports: string[] = [];
  page.on("console", (message) => {
    if (/content security|trusted/i.test(message.text())) reports.push(message.text());
  });
  page.on("pageerror", (error) => reports.push(error.message));
  return reports;
}

test("no page of the app does what the content security policy forbids", async ({ page }) => {
  await beginSession(page);
  const reports = collectReports(page);
  for (const path of ["/contacts", "/flows", "/sends", "/messages", "/queue", "/settings", "/api/docs"]) {
    await page.goto(product().url + path);
    await page.waitForLoadState("networkidle");
  }
  const flows = await (await page.request.get(`${product().url}/api/flows`)).json();
  await page.goto(`${product().url}/flows/${flows.items[0].id}`);
  await page.waitForLoadState("networkidle");
  // A flow of this size is laid out in a worker.
  const large = await call<{ id: string }>("/api/flows", { name: "Large", ...randomFlow(120, 1) });
  const worker = page.waitForEvent("worker");
  await page.goto(`${product().url}/flows/${large.id}?tab=flow`);
  expect((await worker).url()).toContain("/assets/layout.worker-");
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  await page.goto(`${product().url}/contacts`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("checkbox").nth(1).click({ force: true });
  await page
    .getByRole("button", { name: /send flow/i })
    .first()
    .click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(reports).toEqual([]);
});

test("a text that reaches the page does not become a part of it, nor an address a script", async ({ page }) => {
  await openContacts(page);
  const outcomes = await page.evaluate(() => {
    const tries: Record<string, () => unknown> = {
      html: () => Object.assign(document.createElement("div"), { innerHTML: "<img src=x onerror=alert(1)>" }),
      script: () => Object.assign(document.createElement("script"), { src: "https://evil.example/x.js" }),
      worker: () => new Worker("https://evil.example/x.js"),
      frame: () => document.createElement("iframe").setAttribute("srcdoc", "<p>A preview</p>"),
    };
    return Object.entries(tries).map(([name, attempt]) => {
      try {
        attempt();
        return `${name} ran`;
      } catch (error) {
        return `${name} ${(error as Error).name}`;
      }
    });
  });
  expect(outcomes).toEqual(["html TypeError", "script TypeError", "worker TypeError", "frame ran"]);
});
