import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What is wrong with a flow is told while it is drawn, and the panels of logic steps are filled in.

test.beforeEach(({ page }) => beginSession(page));

interface Graph {
  revision: string;
  nodes: { id: string; type: string; data: { label?: string; key?: string; config?: Record<string, unknown> } }[];
  edges: { source: string; target: string; sourceHandle?: string }[];
}

const steps = (page: Page) => page.getByRole("treeitem");
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });
const draftOf = (id: string) => call<Graph>(`/api/flows/${id}/draft`);
const configOf = async (id: string, node: string) => (await draftOf(id)).nodes.find((one) => one.id === node)?.data.config;

const node = (id: string, type: string, config: object, data: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { label: id, config, ...data },
});
const start = { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } };
const edge = (path: string) => {
  const [from = "", target = ""] = path.split(" > ");
  const [source = "", sourceHandle] = from.split(":");
  return { id: path, source, target, ...(sourceHandle && { sourceHandle }) };
};

/** A flow of its own, which no other journey looks for, with these steps in its draft, opened in the builder. */
async function open(page: Page, nodes: object[], ...paths: string[]): Promise<string> {
  const { id } = await call<{ id: string }>("/api/flows", { name: `Logic ${Date.now()}`, nodes: [start], edges: [] });
  const { revision } = await draftOf(id);
  await call(`/api/flows/${id}/draft`, { baseRevision: revision, nodes: { put: nodes }, edges: { put: paths.map(edge) } }, "PATCH");
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  return id;
}

test("problems are listed by step, lead to the very field, are mended by a button, and that is taken back", async ({ page }) => {
  const id = await open(
    page,
    [
      node("Who?", "condition", { branches: [{ id: "yes", label: "Yes", tests: [{ field: "email", operator: "is_not_empty" }] }] }),
      node("Hello", "send_sms", { text: "Hi {{ contact.FirstName }}" }),
      node("Mail", "send_email", { subject: "", text: "Hello you" }),
      node("Lost", "send_sms", { text: "Nobody gets this" }),
    ],
    "start > Who?",
    "Who?:yes > Hello",
    "Hello > Mail",
  );
  await page.locator("body").press("p");
  const panel = page.getByRole("region", { name: "Problems" });
  await expect(panel.getByRole("group", { name: "Mail" })).toContainText("The subject is empty");
  await expect(panel.getByRole("group", { name: "Hello" })).toContainText("Did you mean");
  await expect(panel.getByRole("group", { name: "Lost" })).toContainText("No way leads to");
  await expect(panel.getByRole("group", { name: "Who?" })).toContainText("The flow ends for those who leave by “Otherwise”.");
  await expect(page.getByRole("button", { name: "2 problems" })).toBeVisible();
  await takePictures(page, "problems");
  expect(await findings(page)).toEqual([]);

  await panel.getByRole("button", { name: "The subject is empty" }).click();
  await expect(page.getByRole("region", { name: "Settings of Mail" }).getByRole("textbox", { name: "Subject" })).toBeFocused();
  await takePictures(page, "problem-place");

  await panel.getByRole("group", { name: "Hello" }).getByRole("button", { name: "Use contact.first_name" }).click();
  await expect(panel.getByRole("group", { name: "Hello" })).not.toContainText("Did you mean");
  await saved(page);
  expect(await configOf(id, "Hello")).toEqual({ text: "Hi {{ contact.first_name }}" });
  await panel.getByRole("button", { name: "Delete this step" }).click();
  await panel.getByRole("button", { name: "Add an End" }).click();
  await expect(page.locator("[data-row^=end_]")).toBeVisible();
  await expect(panel.getByRole("group", { name: "Lost" })).toHaveCount(0);
  for (let undone = 0; undone < 3; undone += 1) await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(panel.getByRole("group", { name: "Lost" })).toBeVisible();
  await expect(panel.getByRole("group", { name: "Hello" })).toContainText("Did you mean");

  await panel.getByRole("button", { name: /leave by “Otherwise”/ }).click();
  await expect(page.locator('[data-row="end Who? otherwise"]')).toBeFocused();
  await page.keyboard.press("F8");
  await expect(page.getByRole("status").filter({ hasText: "1 of" })).toBeVisible();
  await page.keyboard.press("Shift+F8");
  await page.keyboard.press("F8");
  await expect(page.getByRole("status").filter({ hasText: "1 of" })).toBeVisible();

  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await expect(dialog.getByRole("button", { name: "Publish", exact: true })).toBeDisabled();
});

test("a step that was just added is not wrong, only not set up yet", async ({ page }) => {
  await open(page, []);
  await steps(page).first().focus();
  await page.keyboard.press("a");
  await page.keyboard.type("start another");
  await page.keyboard.press("Enter");
  const row = steps(page).filter({ hasText: "Start another flow" });
  await expect(row).toContainText("Not set up yet");
  await expect(page.getByRole("button", { name: /problem/ })).toHaveCount(0);
  // What is changed is judged at once.
  await page.getByText("Wait until the contact is through").click();
  await expect(row).not.toContainText("Not set up yet");
  await expect(page.getByRole("button", { name: "1 problem", exact: true })).toBeVisible();
});
