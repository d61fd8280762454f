import { expect, type Page, test } from "@playwright/test";
import { findings, wideLooks } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A flow of forty steps is built by someone who has no mouse: nothing here clicks, and nothing is focused but by a key.

// Some three hundred keys: a machine that does much else gets its time, and no picture of the page is kept of each key.
test.setTimeout(240_000);
test.use({ trace: "off" });

test.beforeEach(({ page }) => beginSession(page));

interface Graph {
  nodes: { id: string; type: string; data: { label?: string; config?: { target?: string } } }[];
  edges: { source: string; target: string; sourceHandle?: string }[];
  problems: { severity: string; message: string }[];
}

const begins = (name: string) => new RegExp(`^${name.replaceAll("?", "[?]")}`);

/** The text of the row that has the focus; undefined where the focus is elsewhere. */
const focusedRow = (page: Page) => page.evaluate(() => document.activeElement?.closest("[role=treeitem]")?.textContent ?? undefined);

/** Goes by arrows to the first row that begins with a text, or to the first one behind it that begins with `branch`. */
async function goTo(page: Page, name: string, branch?: string): Promise<void> {
  const by = await page.evaluate(
    ([step, exit]) => {
      const rows = [...document.querySelectorAll("[role=treeitem]")];
      const begins = (text: string, from: number) => rows.findIndex((row, at) => at >= from && row.textContent.startsWith(text));
      const at = begins(step as string, 0);
      const to = exit === undefined ? at : begins(exit, at + 1);
      if (at === -1 || to === -1) throw new Error(`No row ${step}, ${exit}`);
      return to - rows.indexOf(document.activeElement?.closest("[role=treeitem]") as Element);
    },
    [name, branch],
  );
  for (let pressed = 0; pressed < Math.abs(by); pressed += 1) await page.keyboard.press(by > 0 ? "ArrowDown" : "ArrowUp");
  expect(await focusedRow(page)).toMatch(begins(branch ?? name));
}

/** Adds a step behind the row that has the focus, may name it, and goes back to its row. */
async function add(page: Page, words: string, name?: string): Promise<void> {
  await page.keyboard.press("a");
  await expect(page.getByRole("combobox", { name: "Add a step" })).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Name of this step")).toBeFocused();
  if (name !== undefined) await page.keyboard.type(name);
  await page.keyboard.press("Escape");
  await expect.poll(() => focusedRow(page)).toMatch(name === undefined ? /./ : begins(name));
}

/** Pastes the three steps that were copied behind the row that has the focus. */
async function paste(page: Page): Promise<void> {
  const before = await page.getByRole("treeitem").count();
  await page.keyboard.press("ControlOrMeta+v");
  await expect.poll(() => page.getByRole("treeitem").count()).toBe(before + 3);
}

test("a flow of forty steps with six branches, three merges, a Go to and a goal is built by keyboard alone", async ({ page }) => {
  const { id } = await call<{ id: string }>("/api/flows", { name: `By keyboard ${Date.now()}`, nodes: [], edges: [] });
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByText("No steps yet")).toBeVisible({ timeout: 45_000 });
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await page.getByRole("button", { name: "Add the start" }).evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect.poll(() => focusedRow(page)).toMatch(/^Start/);

  await add(page, "sms");
  await add(page, "split", "Offer?");
  // Where the ways of a step meet again, A adds behind all of them: that is a merge.
  await add(page, "delay", "Met one");
  await goTo(page, "Offer?", "A");
  for (const words of ["sms", "delay", "sms"]) await add(page, words);
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("ControlOrMeta+c");
  await expect(page.getByRole("status").filter({ hasText: "Copied 3 steps" })).toBeVisible();
  await goTo(page, "Offer?", "B");
  await paste(page);

  await goTo(page, "Met one");
  await add(page, "wait until", "Bought?");
  await add(page, "update contact", "Met two");
  await goTo(page, "Bought?", "Met");
  await add(page, "sms");
  await goTo(page, "Bought?", "Time over");
  await paste(page);

  await goTo(page, "Met two");
  await add(page, "goal");
  await add(page, "condition", "Known?");
  await add(page, "time window", "Met three");
  await goTo(page, "Known?", "Yes");
  await paste(page);
  await goTo(page, "Known?", "Otherwise");
  await add(page, "sms");
  await add(page, "delay", "Time to answer");

  await goTo(page, "Met three");
  await add(page, "condition", "Answered?");
  await goTo(page, "Answered?", "Yes");
  for (const words of ["set variable", "sms", "end"]) await add(page, words);
  await goTo(page, "Answered?", "Otherwise");
  await add(page, "condition", "Again?");
  await goTo(page, "Again?", "Otherwise");
  await add(page, "end");
  await goTo(page, "Again?", "Otherwise");
  await paste(page);

  // C leads a branch on elsewhere: to a step that comes before by a Go to, which ends after some rounds.
  await goTo(page, "Again?", "Yes");
  await page.keyboard.press("c");
  await expect(page.getByRole("combobox", { name: "Continue at" })).toBeFocused();
  await page.keyboard.type("time to answer");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox")).toHaveCount(0);
  await goTo(page, "Go to");
  await add(page, "sms");
  await add(page, "condition", "Last chance?");
  for (const branch of ["Yes", "Otherwise"]) {
    await goTo(page, "Last chance?", branch);
    await add(page, "sms");
    await add(page, "end");
  }
  await expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });
  const { nodes, edges, problems } = await call<Graph>(`/api/flows/${id}/draft`);
  const named = (label: string) => nodes.find(({ data }) => data.label === label)?.id;
  const counted = (list: readonly string[]) => [...Map.groupBy(list, (one) => one).values()].filter(({ length }) => length > 1).length;
  expect(nodes).toHaveLength(40);
  expect(nodes.filter(({ type }) => ["condition", "split", "wait_until"].includes(type))).toHaveLength(6);
  expect(counted(edges.map(({ target }) => target))).toBe(3);
  expect(nodes.filter(({ type }) => type === "goal")).toHaveLength(1);
  expect(nodes.filter(({ type }) => type === "go_to").map(({ data }) => data.config?.target)).toEqual([named("Time to answer")]);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  await takePictures(page, "keyboard-flow");
  expect(await findings(page, wideLooks)).toEqual([]);
});
