import { expect, type Locator, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Conditions are built by keyboard, counted while they are built, and take contacts the ways that were counted.

test.beforeEach(({ page }) => beginSession(page));

interface Draft {
  revision: number;
  nodes: { id: string; data: { config?: Record<string, unknown> } }[];
}
const draftOf = (id: string) => call<Draft>(`/api/flows/${id}/draft`);
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });

const node = (id: string, type: string, config: object) => ({ id, type, position: { x: 0, y: 0 }, data: { label: id, config } });
const start = { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } };
const edge = (source: string, target: string, sourceHandle?: string) => ({
  id: `${source} ${sourceHandle} ${target}`,
  source,
  target,
  ...(sourceHandle && { sourceHandle }),
});

/** A flow of its own with these steps in its draft, opened in the builder. */
async function open(page: Page, nodes: object[], edges: object[]): Promise<string> {
  const { id } = await call<{ id: string }>("/api/flows", { name: `Conditions ${Date.now()}`, nodes: [start], edges: [] });
  const { revision } = await draftOf(id);
  await call(`/api/flows/${id}/draft`, { baseRevision: revision, nodes: { put: nodes }, edges: { put: edges } }, "PATCH");
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  return id;
}

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  for (let pressed = 0; pressed < 80; pressed += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(control).toBeFocused();
}

/** Fills in a test by keyboard alone. */
async function write(page: Page, row: Locator, field: string, operator: string, value: string): Promise<void> {
  await tabTo(page, row.getByRole("combobox", { name: "Field" }));
  await page.keyboard.type(field);
  await expect(row.getByRole("combobox", { name: "Field" }).locator("option:checked")).toHaveText(field);
  await tabTo(page, row.getByRole("combobox", { name: "Comparison" }));
  await page.keyboard.press("Home");
  if (operator !== "is") await page.keyboard.type(operator);
  await tabTo(page, row.getByRole("textbox", { name: "Value" }));
  await page.keyboard.type(value);
}

const is = (field: string, operator: string, value: string) => ({ field, operator, value });
/** The ids that the filter of contacts finds. */
async function found(...tests: object[]): Promise<Set<string>> {
  const { items } = await call<{ items: { id: string }[] }>(
    `/api/contacts?limit=200&filter=${encodeURIComponent(JSON.stringify({ tests }))}`,
  );
  return new Set(items.map(({ id }) => id));
}

test("a condition of A and (B or none of C) is built by keyboard, counted as the filter counts, and takes contacts so", async ({
  page,
}) => {
  test.setTimeout(300_000);
  const mark = `Of ${Date.now()}`;
  const blocked = `blocked${Date.now()}`;
  const contact = (firstname: string, host: string) =>
    call<{ id: string }>("/api/contacts", { firstname, lastname: mark, email: `${firstname}@${host}.example`, evenIfTwin: true });
  const [bea, carl, dora] = [await contact("Bea", blocked), await contact("Carl", "open"), await contact("Dora", blocked)];
  const ids = { bea: bea.id, carl: carl.id, dora: dora.id };

  const branches = [{ id: "yes", label: "Yes", match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }];
  const flow = await open(
    page,
    [node("Who?", "condition", { branches }), node("In", "end", { result: "reached" }), node("Out", "end", { result: "not_reached" })],
    [edge("start", "Who?"), edge("Who?", "In", "yes"), edge("Who?", "Out", "otherwise")],
  );
  await page.getByRole("treeitem", { name: /Who\?/ }).first().focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("region", { name: "Settings of Who?" });
  const yes = panel.getByRole("group", { name: "Yes", exact: true });
  const outer = yes.getByRole("group", { name: "group 2", exact: true });
  const inner = outer.getByRole("group", { name: "group 2 of group 2", exact: true });

  await write(page, yes.getByRole("group", { name: "test 1", exact: true }), "Last name", "is", mark);
  await tabTo(page, yes.getByRole("button", { name: "Add group" }));
  await page.keyboard.press("Enter");
  await expect(outer.getByRole("combobox", { name: "How the tests of group 2 count" })).toBeFocused();
  await write(page, outer.getByRole("group", { name: "test 1 of group 2", exact: true }), "First name", "is", "Bea");
  await tabTo(page, outer.getByRole("button", { name: "Add group" }));
  await page.keyboard.press("Enter");
  await expect(inner.getByRole("combobox", { name: /How the tests of/ })).toHaveValue("none");
  await write(page, inner.getByRole("group", { name: /^test 1 of/ }), "E-mail", "contains", blocked);
  await expect(inner.getByRole("button", { name: "Add group" })).toHaveCount(0);

  const [a, b, c] = [is("lastname", "is", mark), is("firstname", "is", "Bea"), is("email", "contains", blocked)];
  const [all, inA, inB, inC] = [await found(), await found(a), await found(b), await found(c)];
  const expected = [...inA].filter((id) => inB.has(id) || !inC.has(id));
  expect(expected.toSorted()).toEqual([ids.bea, ids.carl].toSorted());
  await expect(yes.locator("[data-share='0']")).toContainText(`${expected.length} contacts`, { timeout: 30_000 });
  if (all.size < 200) {
    await expect(panel.getByRole("group", { name: "Otherwise" })).toContainText(`${all.size - expected.length} contacts`);
  }
  await expect(yes.locator("[data-verdict]").first()).toContainText("→");
  await takePictures(page, "condition");
  expect(await findings(page)).toEqual([]);

  await saved(page);
  const config = (await draftOf(flow)).nodes.find(({ id }) => id === "Who?")?.data.config;
  expect(config).toEqual({
    branches: [{ ...branches[0], tests: [a, { match: "any", tests: [b, { match: "none", tests: [c] }] }] }],
  });
  const { revision } = await draftOf(flow);
  await call(`/api/flows/${flow}/publish`, { revision }, "POST");
  const selection = { type: "ids", ids: [ids.bea, ids.dora] };
  await call("/api/sends", { flowId: flow, selection });
  const ways = async () => {
    const { items } = await call<{ items: { id: string; contactId: string }[] }>(`/api/executions?flowId=${flow}`);
    const told = await Promise.all(
      items.map(async ({ id, contactId }) => {
        const steps = await call<{ items: { nodeId: string; exit: string | null }[] }>(`/api/executions/${id}/steps`);
        return [contactId, steps.items.find(({ nodeId }) => nodeId === "Who?")?.exit] as const;
      }),
    );
    return Object.fromEntries(told);
  };
  await expect.poll(ways, { timeout: 60_000 }).toEqual({ [ids.bea]: "yes", [ids.dora]: "otherwise" });
});

test("branches are added, copied, moved and removed with the keyboard, and each is taken back alone", async ({ page }) => {
  const branches = [{ id: "yes", label: "Yes", match: "all", tests: [{ field: "email", operator: "is_not_empty" }] }];
  const flow = await open(page, [node("Who?", "condition", { branches })], [edge("start", "Who?")]);
  await page.getByRole("treeitem", { name: /Who\?/ }).first().focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("region", { name: "Settings of Who?" });
  const names = () =>
    panel.getByRole("textbox", { name: "Name of the branch" }).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  await panel.getByRole("button", { name: "Duplicate Yes" }).press("Enter");
  await expect.poll(names).toEqual(["Yes", "Yes copy"]);
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(names).toEqual(["Yes copy", "Yes"]);
  await expect(panel.getByRole("status").filter({ hasText: "Yes copy is now 1 of 2" })).toBeAttached();
  await expect(panel.getByRole("textbox", { name: "Name of the branch" }).first()).toBeFocused();
  await panel.getByRole("button", { name: "Add branch" }).press("Enter");
  await page.keyboard.type("Third");
  await expect.poll(names).toEqual(["Yes copy", "Yes", "Third"]);
  await expect(panel.getByRole("group", { name: "Third", exact: true }).locator("[data-share]")).toHaveText("Not set up yet");
  await panel.getByRole("button", { name: "Remove Yes copy" }).press("Enter");
  await expect.poll(names).toEqual(["Yes", "Third"]);
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  await undo.click();
  await expect.poll(names).toEqual(["Yes copy", "Yes", "Third"]);
  await undo.click();
  await undo.click();
  await expect.poll(names).toEqual(["Yes copy", "Yes"]);
  await undo.click();
  await expect.poll(names).toEqual(["Yes", "Yes copy"]);
  await undo.click();
  await expect.poll(names).toEqual(["Yes"]);

  // A negative test says what it does with what is missing, and kinds have their own values.
  const row = panel.getByRole("group", { name: "test 1", exact: true });
  await row.getByRole("combobox", { name: "Field" }).selectOption("lead_status");
  await row.getByRole("combobox", { name: "Comparison" }).selectOption("is_not");
  await row.getByRole("combobox", { name: "Value" }).selectOption({ index: 1 });
  await row.getByRole("checkbox", { name: "Also if empty" }).press("Space");
  await saved(page);
  const config = (await draftOf(flow)).nodes.find(({ id }) => id === "Who?")?.data.config as { branches: { tests: object[] }[] };
  expect(config.branches[0]?.tests[0]).toMatchObject({ field: "lead_status", operator: "is_not", alsoIfEmpty: false });
});

test("a goal and a wait say for how many they are true now", async ({ page }) => {
  const status = { field: "lead_status", operator: "is", value: "Nobody has this" };
  const wait = { tests: [status], limitSeconds: 86_400 };
  await open(
    page,
    [node("Bought?", "wait_until", wait), node("Won", "goal", { tests: [status] })],
    [edge("start", "Bought?"), edge("Bought?", "Won", "met")],
  );
  for (const name of ["Bought?", "Won"]) {
    await page
      .getByRole("treeitem", { name: new RegExp(name.replace("?", "\\?")) })
      .first()
      .focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: `Settings of ${name}` });
    await expect(panel.locator("[data-share]")).toHaveText("True now for 0 contacts", { timeout: 30_000 });
    await expect(panel.getByLabel("Look again every").first()).toBeVisible();
    await takePictures(page, name === "Won" ? "goal" : "wait-until");
    await page.keyboard.press("Escape");
  }
});
