import { expect, type Locator, type Page, test } from "@playwright/test";
import { findings, wideLooks } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The builder shows its keys, replaces, finds, folds and annotates steps, all of it by keys.

// Each of them looks at the page with axe in several looks, which takes a machine that does much else its time.
test.setTimeout(180_000);

test.beforeEach(({ page }) => beginSession(page));

interface Graph {
  nodes: { id: string; type: string; data: { label?: string; note?: string; key?: string; config?: Record<string, unknown> } }[];
  edges: { id: string; source: string; target: string; sourceHandle?: string; data?: { note?: string } }[];
}

const steps = (page: Page) => page.getByRole("treeitem");
const step = (page: Page, name: string) => steps(page).filter({ hasText: new RegExp(`^${name.replace("?", "[?]")}`) });
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });
const answered = (page: Page, words: string | RegExp) => expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();
const draftOf = (id: string) => call<Graph>(`/api/flows/${id}/draft`);

const node = (id: string, type: string, config: object, data: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { label: id, config, ...data },
});
const sms = (id: string, text: string, data: object = {}) => node(id, "send_sms", { text }, data);
const edge = (path: string) => {
  const [from = "", target = ""] = path.split(" > ");
  const [source = "", sourceHandle] = from.split(":");
  return { id: path, source, target, ...(sourceHandle && { sourceHandle }) };
};

/** A flow of its own, opened in the builder: one step, a condition with two steps on one side and one on the other, and one behind. */
async function open(page: Page): Promise<string> {
  const { id } = await call<{ id: string }>("/api/flows", {
    name: `To be looked through ${Date.now()}`,
    nodes: [
      { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } },
      sms("Hello", "Hi {{ firstname | default: 'there' }}, hello", { key: "hello", note: "Agreed with Ana" }),
      node("Paid?", "condition", { branches: [{ id: "yes", label: "Yes", tests: [{ field: "firstname", operator: "is_not_empty" }] }] }),
      sms("Thanks", "Thank you, {{ firstname | default: 'there' }}"),
      sms("Gift", "Here is your gift"),
      sms("Reminder", "Please pay, hello again"),
      sms("Bye", "Bye"),
    ],
    edges: [
      ...["start > Hello", "Hello:sent > Paid?", "Paid?:yes > Thanks", "Paid?:otherwise > Reminder", "Thanks:sent > Gift"].map(edge),
      ...["Gift:sent > Bye", "Reminder:sent > Bye"].map(edge),
    ],
  });
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  return id;
}

test("? shows the keys of the builder, and not those of the whole app", async ({ page }) => {
  await open(page);
  await step(page, "Hello").focus();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys of the builder" });
  await expect(sheet.getByRole("listitem").filter({ hasText: "Add a step behind this one" })).toContainText("A");
  await takePictures(page, "builder-keys");
  expect(await findings(page, wideLooks)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(step(page, "Hello")).toBeFocused();
});

test("a step is replaced by one of another type, and what it loses is told before", async ({ page }) => {
  const id = await open(page);
  await step(page, "Hello").focus();
  await page.keyboard.press("r");
  await expect(page.getByRole("combobox", { name: "Replace “Hello” with" })).toBeFocused();
  await page.keyboard.type("delay");
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog", { name: "Replace “Hello” with “Delay”?" });
  await expect(question.getByRole("listitem")).toHaveText(["What is set for “Text”"]);
  await takePictures(page, "builder-replace");
  expect(await findings(page, wideLooks)).toEqual([]);
  await question.getByRole("button", { name: "Replace" }).click();
  await expect(page.getByRole("region", { name: "Settings of Hello" })).toContainText("How long");
  await page.keyboard.press("Escape");
  await saved(page);
  expect((await draftOf(id)).nodes.find((one) => one.id === "Hello")).toMatchObject({
    type: "delay",
    data: { label: "Hello", key: "hello", note: "Agreed with Ana" },
  });
  await page.keyboard.press("ControlOrMeta+z");
  await answered(page, "Undone: replace “Hello”");
  await expect(step(page, "Hello")).toContainText("hello");
});

test("a word is found at every place, and replaced in texts by one step that is undone", async ({ page }) => {
  const id = await open(page);
  await step(page, "Hello").focus();
  await page.keyboard.press("ControlOrMeta+f");
  const panel = page.getByRole("region", { name: "Find and replace" });
  await expect(panel.getByLabel("Find in this flow")).toBeFocused();
  await page.keyboard.type("firstname");
  await expect(panel.getByRole("listitem")).toHaveCount(3);
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toHaveText("1 of 3");
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("status")).toHaveText("2 of 3");
  await expect(page.getByRole("region", { name: "Settings of Paid?" })).toBeVisible();
  await expect(panel.getByLabel("Find in this flow")).toBeFocused();
  await takePictures(page, "builder-find");
  expect(await findings(page, wideLooks)).toEqual([]);

  await panel.getByLabel("Find in this flow").fill("hello");
  await expect(panel.getByRole("status")).toHaveText("5 found");
  await panel.getByLabel("Replace by").fill("good day");
  await panel.getByRole("button", { name: "Replace all (3)" }).click();
  await answered(page, "Replaced at 3 places");
  await saved(page);
  const texts = async () => (await draftOf(id)).nodes.map(({ data }) => data.config?.text);
  expect(await texts()).toEqual(expect.arrayContaining(["Hi {{ firstname | default: 'there' }}, good day", "Please pay, good day again"]));
  await panel.getByLabel("Find in this flow").fill("type:sms uses:firstname");
  await expect(panel.getByRole("listitem")).toHaveText([/good day/, /Thanks/]);
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+z");
  await answered(page, "Undone: replace “hello” with “good day”");
  await expect.poll(texts).toContain("Please pay, hello again");
});

test("notes on a step and on a line are written by keys, shown, and survive export and import", async ({ page }) => {
  const id = await open(page);
  await expect(step(page, "Hello")).toContainText("Agreed with Ana");
  await step(page, "Gift").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Settings of Gift" }).getByLabel("Note").fill("Ordered by Bea\nSecond line");
  await page.keyboard.press("Escape");
  await expect(step(page, "Gift")).toContainText("Ordered by Bea");
  await expect(step(page, "Gift")).toBeFocused();

  await page.keyboard.press("Shift+N");
  const dialog = page.getByRole("dialog", { name: "Note on a line" });
  await expect(dialog).toContainText("From “Gift” to “Bye”");
  await dialog.getByLabel("Note").fill("Only who got it");
  expect(await findings(page, wideLooks)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep the note" }).click();
  await expect(step(page, "Gift")).toContainText("Only who got it");
  await expect(page.locator(".line-note")).toHaveCount(1);
  await step(page, "Otherwise").focus();
  await page.keyboard.press("Shift+N");
  await dialog.getByLabel("Note").fill("The others");
  await dialog.getByRole("button", { name: "Keep the note" }).click();
  await expect(step(page, "Otherwise")).toContainText("The others");
  await saved(page);
  await takePictures(page, "builder-notes");
  expect(await findings(page, wideLooks)).toEqual([]);

  const file = await call<object>(`/api/flows/${id}/export?of=draft`);
  const imported = await call<{ id: string }>("/api/flows/import", { file });
  const { nodes, edges } = await draftOf(imported.id);
  expect(nodes.flatMap(({ data }) => data.note ?? []).toSorted()).toEqual(["Agreed with Ana", "Ordered by Bea\nSecond line"]);
  expect(edges.flatMap(({ data }) => data?.note ?? []).toSorted()).toEqual(["Only who got it", "The others"]);
});

test("a branch that is folded stays so, and what is looked for in it is unfolded", async ({ page }) => {
  await open(page);
  await step(page, "Yes").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(step(page, "Yes")).toHaveAttribute("aria-expanded", "false");
  await expect(step(page, "Yes")).toContainText("+2 steps");
  await expect(step(page, "Gift")).toHaveCount(0);
  await expect(step(page, "Bye")).toHaveCount(1);
  await expect(page.locator(".react-flow__node-card").filter({ hasText: "Gift" })).toHaveCount(0);
  await takePictures(page, "builder-folded");
  expect(await findings(page, wideLooks)).toEqual([]);

  await page.reload();
  await expect(step(page, "Yes")).toHaveAttribute("aria-expanded", "false", { timeout: 45_000 });
  await step(page, "Hello").focus();
  await page.keyboard.press("ControlOrMeta+f");
  await expect(page.getByRole("region", { name: "Find and replace" }).getByLabel("Find in this flow")).toBeFocused();
  await page.keyboard.type("your gift");
  await page.keyboard.press("Enter");
  await expect(step(page, "Yes")).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("region", { name: "Settings of Gift" }).or(step(page, "Gift")).first()).toBeVisible();
});

test("a branch is folded by F and on the canvas, and the arrows lead from branch to branch there", async ({ page }) => {
  await open(page);
  const card = (name: string) => page.locator(".react-flow__node-card").filter({ hasText: name });
  const fold = (box: Locator) => box.locator("button.fold");
  const headOfYes = page.locator('.react-flow__node-head[data-id="Paid?\\a yes"]');
  await expect(fold(headOfYes)).toHaveCount(1);

  await step(page, "Gift").focus();
  await page.keyboard.press("f");
  await expect(step(page, "Yes")).toBeFocused();
  await expect(step(page, "Yes")).toContainText("+2 steps");
  await expect(card("Gift")).toHaveCount(0);
  await fold(headOfYes).click();
  await expect(card("Gift")).toHaveCount(1);
  await expect(step(page, "Yes")).toBeFocused();

  await card("Reminder").click();
  await page.keyboard.press("ArrowLeft");
  await expect(step(page, "Thanks")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(step(page, "Reminder")).toBeFocused();

  await fold(card("Paid?")).click();
  await expect(page.locator(".react-flow__node-card")).toHaveCount(3);
  await expect(page.getByRole("region", { name: "Settings of Paid?" })).toHaveCount(0);
  await expect(step(page, "Paid?")).toBeFocused();
  await takePictures(page, "builder-folded-step");
  expect(await findings(page, wideLooks)).toEqual([]);
  await page.keyboard.press("f");
  await expect(page.locator(".react-flow__node-card")).toHaveCount(7);
});

test("a problem in a folded branch is counted on it and leads to its step", async ({ page }) => {
  await open(page);
  await step(page, "Gift").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Settings of Gift" }).getByLabel("Text", { exact: true }).fill("");
  await page.keyboard.press("Escape");
  await step(page, "Yes").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(step(page, "Yes")).toContainText("+2 steps · 1 problem");
  await expect(page.locator(".folded")).toHaveText("+2 steps · 1 problem");
  await takePictures(page, "builder-folded-problem");
  await page.keyboard.press("p");
  const problems = page.getByRole("region", { name: "Problems" });
  await problems.getByRole("group", { name: "Gift" }).getByRole("button").first().press("Enter");
  await expect(page.getByRole("region", { name: "Settings of Gift" })).toBeVisible();
  await expect(step(page, "Gift")).toHaveCount(1);
});
