import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Flows are put into folders, and come back from the bin.

test.beforeEach(({ page }) => beginSession(page));

const rowOf = (page: Page, name: string) => page.getByRole("row", { name, exact: true });
const menuOf = async (page: Page, name: string, item: string) => {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const folderMenu = async (page: Page, item: RegExp | string) => {
  await page.getByRole("button", { name: "Folders", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};
const newFlow = async (name: string) => {
  const { items } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  const of = items.find((flow) => flow.name === "Welcome Flow")?.id;
  return call<{ id: string }>(`/api/flows/${of}/duplicate`, { name }, "POST");
};

test("a folder is made, a flow is moved into it, the folder is renamed and deleted, and the flow stays", async ({ page }) => {
  const stamp = Date.now();
  const [name, folder] = [`To be filed ${stamp}`, `Spring ${stamp}`];
  await newFlow(name);
  await page.goto(`${product().url}/flows?q=${stamp}`);
  await expect(rowOf(page, name)).toBeVisible();
  await folderMenu(page, "New folder…");
  const dialog = page.getByRole("dialog", { name: "New folder" });
  await dialog.getByLabel("Name").fill(folder);
  await takePictures(page, "folder-new");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("combobox", { name: "Folder" })).toContainText(folder);
  await expect(page.getByText("No flow matches")).toBeVisible();

  await page.getByRole("combobox", { name: "Folder" }).selectOption("all");
  await menuOf(page, name, "Move to a folder…");
  const move = page.getByRole("dialog", { name: `Move “${name}”` });
  await move.getByLabel("Folder").selectOption({ label: folder });
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByText(`“${name}” is in “${folder}” now`)).toBeVisible();
  await page.getByRole("combobox", { name: "Folder" }).selectOption({ label: folder });
  await expect(rowOf(page, name)).toBeVisible();

  await folderMenu(page, /^Change/);
  const change = page.getByRole("dialog", { name: `Change “${folder}”` });
  await change.getByLabel("Name").fill(`${folder} again`);
  await change.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("combobox", { name: "Folder" })).toContainText(`${folder} again`);
  await folderMenu(page, /^Delete/);
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`The folder “${folder} again” was deleted`)).toBeVisible();
  await expect(rowOf(page, name)).toBeVisible();
});

test("a deleted flow stands in the bin with the day until which it can be restored, and comes back", async ({ page }) => {
  const name = `To be binned ${Date.now()}`;
  await newFlow(name);
  await page.goto(`${product().url}/flows?q=${encodeURIComponent(name)}`);
  await menuOf(page, name, "Delete…");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(rowOf(page, name)).toHaveCount(0);
  await page.getByRole("combobox", { name: "Folder" }).selectOption({ label: "Deleted" });
  const binned = page.getByRole("list", { name: "Deleted flows" }).getByRole("listitem").filter({ hasText: name });
  await expect(binned).toContainText("can be restored until");
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "flow-bin");
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  await expect(binned).toHaveCount(0);
  await page.getByRole("combobox", { name: "Folder" }).selectOption("all");
  await expect(rowOf(page, name)).toBeVisible();
});

test("a flow is dragged into a folder of the tree, and its star stands on its own page too", async ({ page }) => {
  const stamp = Date.now();
  const [name, folder] = [`To be dragged ${stamp}`, `Tree ${stamp}`];
  const { id } = await newFlow(name);
  await call("/api/flow-folders", { name: folder });
  await page.goto(`${product().url}/flows?q=${stamp}`);
  await page.getByRole("button", { name: "Show folders as a tree" }).click();
  const tree = page.getByRole("tree", { name: "Folders" });
  await expect(tree.getByRole("treeitem", { name: new RegExp(`^${folder} ?, 0 flows`) })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "folder-tree");
  await page.getByText(name, { exact: true }).dragTo(tree.getByRole("treeitem", { name: folder }));
  await expect(page.getByText(`“${name}” is in “${folder}” now`)).toBeVisible();
  await expect(tree.getByRole("treeitem", { name: new RegExp(`^${folder} ?, 1 flow`) })).toBeVisible();

  await page.goto(`${product().url}/flows/${id}`);
  await page.getByRole("button", { name: "Add to your favourites" }).click();
  await expect(page.getByRole("button", { name: "Remove from your favourites" })).toHaveAttribute("aria-pressed", "true");
  await takePictures(page, "flow-star");
  await page.goto(`${product().url}/flows?q=${stamp}&folder=favourites`);
  await expect(rowOf(page, name)).toBeVisible();
});
