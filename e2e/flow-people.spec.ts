import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What a flow is to a member, and who has it open.

test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ page }) => beginSession(page));

const newFlow = (name: string) => call<{ id: string }>("/api/flows/from-template", { templateId: "welcome", name });
const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });

test("a flow becomes a favourite, stands among the favourites and first in the Send dialog, and is taken back", async ({ page }) => {
  const name = `Starred ${Date.now()}`;
  await newFlow(name);
  for (const n of [1, 2, 3]) await newFlow(`${name} beside ${n}`);
  await page.goto(`${product().url}/flows?q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: "Add to favourites" }).click();
  await expect(page.getByRole("img", { name: "Favourite" })).toHaveCount(1);
  await page.getByRole("combobox", { name: "Folder" }).selectOption({ label: "Your favourites" });
  await expect(rowOf(page, name)).toHaveCount(1);
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "flow-favourites");

  await page.goto(`${product().url}/contacts`);
  await page.getByRole("row").nth(1).getByRole("checkbox").click();
  await page.getByRole("button", { name: "Send Flow", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: /Send Flow to Contact/ });
  await dialog.getByPlaceholder("Choose a flow to send").click();
  await expect(page.getByRole("group", { name: "Favourites" })).toContainText(name);
  await takePictures(page, "flow-picker");

  await page.goto(`${product().url}/flows?folder=favourites&q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: "Remove from favourites" }).click();
  await expect(page.getByText("No flow matches")).toBeVisible();
});

test("whoever opens a flow is seen by those who have it open, gone when they close it, and finds it among those they opened", async ({
  page,
  context,
}) => {
  const name = `Met at ${Date.now()}`;
  const { id } = await newFlow(name);
  const at = `${product().url}/flows/${id}?tab=edit`;
  await page.goto(at);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("this flow open too")).toHaveCount(0);
  // One's own second tab is an editor like any other.
  const other = await context.newPage();
  await other.goto(at);
  await expect(other.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 60_000 });
  const told = page.getByRole("button", { name: "You in another tab have this flow open too" });
  await expect(told).toBeVisible({ timeout: 60_000 });
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "flow-people");
  await other.close();
  await expect(told).toHaveCount(0, { timeout: 60_000 });
  await page.goto(`${product().url}/flows?folder=opened`);
  await expect(page.getByRole("row").nth(1)).toContainText(name);
});
