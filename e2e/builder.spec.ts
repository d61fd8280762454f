import { expect, type Page, type Request, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A flow is made, changed and published in the builder, by keyboard, by several editors at once, and without a connection.

test.beforeEach(({ page }) => beginSession(page));

interface Version {
  number: number;
  isLive: boolean;
  note: string | null;
}

const steps = (page: Page) => page.getByRole("treeitem");
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });

async function openBuilder(page: Page, id: string): Promise<void> {
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
}

/** Adds a step behind the one that has the focus, as one does who has no mouse. */
async function addByKeys(page: Page, words: string): Promise<void> {
  await page.keyboard.press("a");
  await expect(page.getByRole("combobox", { name: "Add a step" })).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name of this step")).toBeFocused();
}

async function focusStep(page: Page, name: RegExp): Promise<void> {
  await page.keyboard.press("Escape");
  await steps(page).filter({ hasText: name }).first().focus();
}

/** A copy of a flow with a few steps, under a name that no other journey looks for. */
const sample = async () => {
  const { items } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  const of = items.find(({ name }) => name === "Welcome Flow")?.id;
  return call<{ id: string }>(`/api/flows/${of}/duplicate`, { name: `To be changed ${Date.now()}` }, "POST");
};

test("a flow is made by keyboard alone, published, and sent as it was drawn", async ({ page }) => {
  await page.goto(`${product().url}/flows`);
  await page.getByRole("button", { name: "New flow", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Blank flow" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  const id = new URL(page.url()).pathname.split("/").at(-1) as string;

  await steps(page).first().focus();
  await addByKeys(page, "condition");
  await takePictures(page, "builder-condition");
  await focusStep(page, /^Yes/);
  await addByKeys(page, "sms");
  await expect(page.getByLabel("Text", { exact: true })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Text", { exact: true })).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Welcome, you with an e-mail!");
  await focusStep(page, /^Otherwise/);
  await addByKeys(page, "sms");
  await page.keyboard.type("For the others");
  await focusStep(page, /For the others/);
  await page.keyboard.press("ControlOrMeta+d");
  await expect(steps(page).filter({ hasText: "For the others copy" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(steps(page).filter({ hasText: "For the others copy" })).toHaveCount(0);
  await saved(page);
  expect(await findings(page)).toEqual([]);

  await page.getByRole("button", { name: "Publish…" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await expect(dialog).toContainText("“Condition” was added");
  await takePictures(page, "builder-publish");
  await dialog.getByLabel("Note").fill("First");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByText("Version 1 is live")).toBeVisible();
  const { items } = await call<{ items: Version[] }>(`/api/flows/${id}/versions`);
  expect(items).toMatchObject([{ number: 1, isLive: true, note: "First" }]);

  const contact = await call<{ id: string }>("/api/contacts", {
    firstname: "Drawn",
    email: "drawn@example.com",
    phoneNumber: "+14155550123",
    // A second try of this journey finds the contact of the first.
    evenIfTwin: true,
  });
  await call("/api/sends", { flowId: id, selection: { type: "ids", ids: [contact.id] } });
  const messages = () => call<{ items: { text?: string; body?: string }[] }>(`/api/messages?contactId=${contact.id}`);
  await expect.poll(async () => JSON.stringify((await messages()).items), { timeout: 30_000 }).toContain("Welcome, you with an e-mail!");
});

test("what keeps a flow from being published is listed all at once, and leads to its step", async ({ page }) => {
  const { id } = await sample();
  await openBuilder(page, id);
  await steps(page).first().focus();
  await addByKeys(page, "start another");
  await focusStep(page, /^Start/);
  await addByKeys(page, "sms");
  await page.getByLabel("Text", { exact: true }).fill("");
  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await expect(dialog.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
  await expect(dialog.getByRole("group", { name: "Problems" }).getByRole("listitem")).toHaveCount(2);
  await takePictures(page, "builder-problems");
  await dialog.getByRole("button", { name: /Send SMS/ }).click();
  await expect(page.getByRole("region", { name: "Settings of Send SMS" })).toBeVisible();
});

test("two editors change different steps and both changes stay; of the same step one chooses", async ({ page, browser }) => {
  const { id } = await sample();
  await openBuilder(page, id);
  const other = await (await browser.newContext()).newPage();
  await beginSession(other);
  await openBuilder(other, id);

  const rename = async (one: Page, at: number, name: string) => {
    await steps(one).nth(at).click();
    await one.getByLabel("Name of this step").fill(name);
  };
  await rename(page, 1, "Ana was here");
  await saved(page);
  await rename(other, 0, "Bea was here");
  await expect(steps(other).filter({ hasText: "Ana was here" })).toBeVisible();
  await saved(other);

  await rename(page, 1, "Ana again");
  await expect(steps(page).filter({ hasText: "Bea was here" })).toBeVisible();
  await rename(other, 1, "Bea again");
  // Both are the owner, each in a window of theirs.
  await expect(other.getByRole("alert").getByText(/^You have changed .* in another window at the same time/)).toBeVisible();
  // Until one has chosen, nothing is written over what the other saved.
  await expect(other.getByRole("status").filter({ hasText: "Saved, except for what you have yet to choose." })).toBeVisible();
  const { nodes } = await call<{ nodes: { data: { label?: string } }[] }>(`/api/flows/${id}/draft`);
  expect(nodes.map(({ data }) => data.label)).toContain("Ana again");
  await other.getByRole("button", { name: "Publish…" }).click();
  await expect(other.getByText("Choose first which changes to keep")).toBeVisible();
  await takePictures(other, "builder-overlap");
  await other.getByRole("button", { name: "Take what is there" }).click();
  await expect(steps(other).filter({ hasText: "Ana again" })).toBeVisible();
  await other.context().close();
});

test("what is typed without a connection is not lost, and saved when it is back", async ({ page }) => {
  const { id } = await sample();
  await openBuilder(page, id);
  await steps(page).nth(1).click();
  await page.context().setOffline(true);
  await page.getByLabel("Name of this step").fill("Typed offline");
  await expect(page.getByRole("status").filter({ hasText: "Not saved, trying again" })).toBeVisible({ timeout: 15_000 });
  await takePictures(page, "builder-offline");
  await page.context().setOffline(false);
  await saved(page);
  const labels = async () => {
    const { nodes } = await call<{ nodes: { data: { label?: string } }[] }>(`/api/flows/${id}/draft`);
    return nodes.map(({ data }) => data.label);
  };
  expect(await labels()).toContain("Typed offline");

  await page.getByRole("button", { name: "More actions for the draft" }).click();
  await page.getByRole("menuitem", { name: "Discard the draft…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard the draft" }).click();
  await expect(steps(page).filter({ hasText: "Typed offline" })).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "Everything is published." })).toBeVisible();
  expect(await labels()).not.toContain("Typed offline");
});

test("what was never saved is offered when the flow is opened again, and comes back beside what others changed since", async ({ page }) => {
  const { id } = await sample();
  await openBuilder(page, id);
  const isSave = (request: Request) => request.method() === "PATCH" && request.url().endsWith(`/api/flows/${id}/draft`);
  await page.route("**/api/flows/**", (route) => (isSave(route.request()) ? route.abort() : route.fallback()));
  await steps(page).nth(1).click();
  await page.getByLabel("Name of this step").fill("Never saved");
  await expect(page.getByRole("status").filter({ hasText: "Not saved, trying again" })).toBeVisible({ timeout: 15_000 });
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.unrouteAll({ behavior: "ignoreErrors" });

  const offer = page.getByRole("status").filter({ hasText: "were never saved" });
  await expect(offer).toBeVisible({ timeout: 45_000 });
  await expect(steps(page).filter({ hasText: "Never saved" })).toHaveCount(0);
  await takePictures(page, "builder-never-saved");
  expect(await findings(page)).toEqual([]);
  await offer.getByRole("button", { name: "Bring them back" }).click();
  await expect(offer).toHaveCount(0);
  await expect(steps(page).filter({ hasText: "Never saved" })).toBeVisible();
  await saved(page);
  const { nodes } = await call<{ nodes: { data: { label?: string } }[] }>(`/api/flows/${id}/draft`);
  expect(nodes.map(({ data }) => data.label)).toContain("Never saved");
  await page.reload();
  await expect(steps(page).filter({ hasText: "Never saved" })).toBeVisible({ timeout: 45_000 });
  await expect(offer).toHaveCount(0);
});

test("who only looks, opens a step and zooms makes no draft", async ({ page }) => {
  const { id } = await call<{ id: string }>("/api/flows", {
    name: `Only looked at ${Date.now()}`,
    nodes: ["start", "end"].map((type) => ({ id: type, type, position: { x: 0, y: 0 }, data: { config: {} } })),
    edges: [{ id: "e", source: "start", target: "end" }],
  });
  const writes: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes(`/api/flows/${id}`) && request.method() !== "GET") writes.push(`${request.method()} ${request.url()}`);
  });
  await openBuilder(page, id);
  await steps(page).first().click();
  await expect(page.getByRole("region", { name: "Settings of Start" })).toBeVisible();
  await page.keyboard.press("Escape");
  for (const key of ["+", "-", "0", "1"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Zoom in (+)" }).click();
  await page.goto(`${product().url}/flows`);
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  expect(writes).toEqual([]);
  expect((await call<{ isDraft: boolean }>(`/api/flows/${id}/draft`)).isDraft).toBe(false);
});

test("an earlier version comes back through the draft", async ({ page }) => {
  const { id } = await sample();
  for (const name of ["First name", "Second name"]) {
    const draft = await call<{ revision: string; nodes: { id: string; data: object }[] }>(`/api/flows/${id}/draft`);
    const [start] = draft.nodes;
    const put = [{ ...start, data: { ...start?.data, label: name } }];
    const { revision } = await call<{ revision: string }>(
      `/api/flows/${id}/draft`,
      { baseRevision: draft.revision, nodes: { put } },
      "PATCH",
    );
    await call(`/api/flows/${id}/publish`, { revision }, "POST");
  }
  await page.goto(`${product().url}/flows/${id}?tab=versions`);
  await page.getByRole("listitem").filter({ hasText: "Version 2" }).getByRole("button", { name: "What changed" }).click();
  await expect(page.getByRole("dialog")).toContainText("“Second name”");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await takePictures(page, "versions");
  await page.getByRole("listitem").filter({ hasText: "Version 1" }).getByRole("button", { name: "Restore…" }).click();
  await page.getByRole("button", { name: "Restore into the draft" }).click();
  await expect(steps(page).filter({ hasText: "First name" })).toBeVisible({ timeout: 30_000 });
});
