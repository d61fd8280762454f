import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { strFromU8, unzipSync } from "fflate";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The evidence of a send: one press saves a file that somebody else can check.

test("an owner saves the evidence of a send, and its sums are right", async ({ page }) => {
  await beginSession(page);
  const { items: flows } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  const { items: contacts } = await call<{ items: { id: string }[] }>("/api/contacts?limit=3");
  const selection = { type: "ids", ids: contacts.map(({ id }) => id) };
  const flowId = flows.find(({ name }) => name === "Welcome Flow")?.id;
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId, selection });

  await page.goto(`${product().url}/sends/${send.id}`);
  const link = page.getByRole("link", { name: "Evidence" });
  await expect(link).toBeVisible();
  await takePictures(page, "send with its evidence");
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toBe(`evidence-${send.id}.zip`);

  const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
  const sums = strFromU8(files.SHA256SUMS as Uint8Array)
    .trim()
    .split("\n");
  expect(sums.length).toBe(Object.keys(files).length - 1);
  for (const line of sums) {
    const [sum, name] = line.split("  ");
    expect(
      createHash("sha256")
        .update(files[name as string] as Uint8Array)
        .digest("hex"),
      name,
    ).toBe(sum);
  }
});
