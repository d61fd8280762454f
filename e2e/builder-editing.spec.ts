import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Steps are copied, moved, dragged, replaced and found in the builder, with the mouse and without one.

test.beforeEach(({ page }) => beginSession(page));

interface Graph {
  nodes: { id: string; type: string; data: { label?: string; key?: string; config?: Record<string, unknown> } }[];
  edges: { source: string; target: string; sourceHandle?: string }[];
}

const steps = (page: Page) => page.getByRole("treeitem");
const step = (page: Page, name: string) =>
  steps(page)
    .filter({ hasText: new RegExp(`^${name.replace("?", "[?]")}`) })
    .first();
const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: "Draft saved" })).toBeVisible({ timeout: 30_000 });
const draftOf = (id: string) => call<Graph>(`/api/flows/${id}/draft`);
const answered = (page: Page, words: string | RegExp) => expect(page.getByRole("status").filter({ hasText: words })).toBeVisible();

const node = (id: string, type: string, config: object, data: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { label: id, config, ...data },
});
const sms = (id: string, text = `Text of ${id}`) => node(id, "send_sms", { text });
const wait = (id: string) => node(id, "delay", { mode: "duration", amount: 1, unit: "days" });
const edge = (path: string) => {
  const [from = "", target = ""] = path.split(" > ");
  const [source = "", sourceHandle] = from.split(":");
  return { id: path, source, target, ...(sourceHandle && { sourceHandle }) };
};

/** A flow of its own, which no other journey looks for, opened in the builder. */
async function open(page: Page, nodes: object[], ...paths: string[]): Promise<string> {
  const { id } = await call<{ id: string }>("/api/flows", { name: `To be edited ${Date.now()}`, nodes, edges: paths.map(edge) });
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  return id;
}

const start = { id: "start", type: "start", position: { x: 0, y: 0 }, data: { config: {} } };

test("five steps are copied into another flow in another browser, and read each other there", async ({ page, browser }) => {
  await open(
    page,
    [
      start,
      node("Order", "webhook", { url: "https://example.com/", fields: [{ name: "total", path: "a" }] }, { key: "order" }),
      sms("Total", "It is {{ steps.order.total | default: 'free' }}"),
      wait("Rest"),
      node("Paid?", "condition", {
        branches: [{ id: "yes", label: "Yes", tests: [{ field: "steps.order.total", operator: "is_not_empty" }] }],
      }),
      node("Again", "go_to", { target: "Total", times: 2, pauseSeconds: 3600 }),
      sms("Last"),
    ],
    "start > Order",
    "Order:success > Total",
    "Total > Rest",
    "Rest > Paid?",
    "Paid?:otherwise > Again",
    "Paid?:yes > Last",
    "Again:limit_reached > Last",
  );
  await step(page, "Order").focus();
  await page.keyboard.press("Space");
  for (const name of ["Total", "Rest", "Paid?", "Again"]) {
    await step(page, name).focus();
    await page.keyboard.press("Space");
  }
  await expect(page.getByRole("region", { name: "Selected steps" })).toContainText("5 steps selected");
  await takePictures(page, "builder-selection");
  await page.keyboard.press("ControlOrMeta+c");
  await answered(page, "Copied 5 steps");

  const other = await (await browser.newContext()).newPage();
  await beginSession(other);
  const id = await open(
    other,
    [start, node("Mine", "webhook", { url: "https://example.com/" }, { key: "order" }), sms("After")],
    "start > Mine",
    "Mine:success > After",
  );
  await step(other, "Mine").focus();
  await other.keyboard.press("Home");
  await other.keyboard.press("ControlOrMeta+v");
  await answered(other, "Pasted 5 steps");
  await expect(steps(other).filter({ hasText: /^Total/ })).toHaveCount(1);
  await saved(other);
  const { nodes, edges } = await draftOf(id);
  const named = (label: string) => nodes.find(({ data }) => data.label === label);
  expect(named("Order")?.data.key).toBe("order_2");
  expect(named("Total")?.data.config?.text).toBe("It is {{ steps.order_2.total | default: 'free' }}");
  expect(named("Again")?.data.config?.target).toBe(named("Total")?.id);
  const leads = (from: string, to: string) => edges.some(({ source, target }) => source === named(from)?.id && target === named(to)?.id);
  expect(edges.find(({ source }) => source === "start")?.target).toBe(named("Order")?.id);
  expect([leads("Order", "Total"), leads("Paid?", "Mine"), leads("Again", "Mine")]).toEqual([true, true, true]);

  await other.keyboard.press("ControlOrMeta+z");
  await answered(other, "Undone: paste 5 steps");
  await expect(steps(other).filter({ hasText: /^Total/ })).toHaveCount(0);
  await other.context().close();
});

/** Pastes a text as the browser does, whatever the clipboard of this machine holds. */
const pasteText = (page: Page, text: string) =>
  page.evaluate((words) => {
    const data = new DataTransfer();
    data.setData("text/plain", words.startsWith("50 MB") ? "x".repeat(50 * 1024 * 1024) : words);
    (document.activeElement ?? document.body).dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, text);

test("a clipboard without steps gets an answer, and so does one that is far too large", async ({ page }) => {
  await open(page, [start, sms("One")], "start > One");
  await step(page, "One").focus();
  await pasteText(page, "Just a text");
  await answered(page, "This clipboard holds no steps.");
  await pasteText(page, "50 MB");
  await answered(page, "This clipboard holds 50 MB.");
  await expect(steps(page)).toHaveCount(3);
});

test("steps that are cut leave no gap, and are pasted elsewhere", async ({ page }) => {
  const id = await open(page, [start, sms("One"), sms("Two"), sms("Three")], "start > One", "One:sent > Two", "Two:sent > Three");
  await step(page, "One").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+x");
  await expect(step(page, "One")).toHaveCount(0);
  await step(page, "Three").focus();
  await page.keyboard.press("ControlOrMeta+v");
  await answered(page, "Pasted 2 steps");
  await saved(page);
  const { nodes, edges } = await draftOf(id);
  const label = (one: string) => nodes.find((each) => each.id === one)?.data.label ?? one;
  expect(edges.map(({ source, target }) => `${label(source)} > ${label(target)}`).toSorted()).toEqual([
    "One > Two",
    "Three > One",
    "start > Three",
  ]);
});

test("several steps are selected by mouse and by key, and deleted, copied and moved together", async ({ page }) => {
  const id = await open(
    page,
    [start, sms("One"), sms("Two"), sms("Three"), sms("Four")],
    "start > One",
    "One:sent > Two",
    "Two:sent > Three",
    "Three:sent > Four",
  );
  const bar = page.getByRole("region", { name: "Selected steps" });
  await step(page, "One").click({ modifiers: ["ControlOrMeta"] });
  await step(page, "Three").click({ modifiers: ["ControlOrMeta"] });
  await expect(bar).toContainText("2 steps selected");
  await expect(bar.getByRole("button", { name: "Move to…" })).toBeDisabled();
  await step(page, "One").click({ modifiers: ["ControlOrMeta"] });
  await expect(bar).toHaveCount(0);
  await step(page, "Three").focus();
  await step(page, "Four").click({ modifiers: ["Shift"] });
  await expect(bar).toContainText("2 steps selected");
  expect(await findings(page)).toEqual([]);
  await bar.getByRole("button", { name: "Move to…" }).click();
  await page.getByRole("option", { name: "After “Start”" }).click();
  await page.keyboard.press("Escape");
  await expect(bar).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+a");
  await expect(bar).toContainText("4 steps selected");
  await page.keyboard.press("Escape");
  await step(page, "Three").focus();
  await page.keyboard.press("Shift+ArrowDown");
  await bar.getByRole("button", { name: "Delete" }).click();
  await expect(steps(page).filter({ hasText: /Three|Four/ })).toHaveCount(0);
  await saved(page);
  const { nodes } = await draftOf(id);
  expect(nodes.map(({ id: one }) => one)).toEqual(["start", "One", "Two"]);
});

const card = (page: Page, name: string) => page.locator(".react-flow__node-card").filter({ hasText: name });
/** Where a place or a card is, once the layout that moves it has come to rest. */
const middle = async (page: Page, selector: string) => {
  let [before, box] = ["", await page.locator(selector).boundingBox()];
  while (JSON.stringify(box) !== before) {
    before = JSON.stringify(box);
    await page.waitForTimeout(300);
    box = await page.locator(selector).boundingBox();
  }
  if (!box) throw new Error(`${selector} is not on the screen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
const place = (source: string, exit: string) => `[data-place="${source}\\a ${exit}"]`;

/** Presses on one point and moves to another, without letting go. */
async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.move(to.x, to.y, { steps: 4 });
}

test("on the canvas a step that is dragged with Shift takes its branch along, and without it goes alone", async ({ page }) => {
  const id = await open(
    page,
    [
      start,
      node("Paid?", "condition", { branches: [{ id: "yes", label: "Yes", tests: [{ field: "email", operator: "is_not_empty" }] }] }),
      sms("Thanks"),
      wait("Rest"),
      sms("Reminder"),
    ],
    "start > Paid?",
    "Paid?:yes > Thanks",
    "Thanks:sent > Rest",
    "Paid?:otherwise > Reminder",
  );
  await page.getByRole("radio", { name: "Canvas" }).check({ force: true });
  await expect(card(page, "Thanks")).toBeVisible();
  const before = ["Paid? > Reminder", "Paid? > Thanks", "Thanks > Rest", "start > Paid?"];
  const leads = async () => {
    await saved(page);
    return (await draftOf(id)).edges.map(({ source, target }) => `${source} > ${target}`).toSorted();
  };
  const dragThanks = async () => {
    await drag(page, await middle(page, ".react-flow__node-card[data-id=Thanks]"), await middle(page, place("Reminder", "sent")));
    await expect(page.locator(place("Reminder", "sent"))).toHaveAttribute("data-state", "over");
  };

  await page.keyboard.down("Shift");
  await dragThanks();
  // Both cards are lifted, and the branch is no place for itself.
  await expect(page.locator(".card[data-lifted]")).toHaveCount(2);
  await expect(page.locator(place("Rest", "next"))).toHaveAttribute("data-state", "closed");
  await takePictures(page, "builder-dragging-branch");
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect.poll(leads).toEqual(["Paid? > Reminder", "Reminder > Thanks", "Thanks > Rest", "start > Paid?"]);

  // One undo puts all of it back.
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(async () => (await draftOf(id)).edges.map(({ source, target }) => `${source} > ${target}`).toSorted()).toEqual(before);

  await dragThanks();
  await expect(page.locator(".card[data-lifted]")).toHaveCount(1);
  await page.mouse.up();
  await expect.poll(leads).toEqual(["Paid? > Reminder", "Paid? > Rest", "Reminder > Thanks", "start > Paid?"]);
});

test("on the canvas a step is dragged to another place, types are dragged in, and an exit to the step where it goes on", async ({
  page,
}) => {
  const id = await open(
    page,
    [
      start,
      node("Paid?", "condition", { branches: [{ id: "yes", label: "Yes", tests: [{ field: "email", operator: "is_not_empty" }] }] }),
      sms("Thanks"),
      sms("Reminder"),
      sms("Bye"),
    ],
    "start > Paid?",
    "Paid?:yes > Thanks",
    "Paid?:otherwise > Reminder",
    "Thanks:sent > Bye",
  );
  await page.getByRole("radio", { name: "Canvas" }).check({ force: true });
  await expect(card(page, "Reminder")).toBeVisible();
  await page.keyboard.press("Escape");
  await takePictures(page, "builder-canvas");
  const leads = async () => {
    await saved(page);
    const { nodes, edges } = await draftOf(id);
    const name = (one: string) => nodes.find((each) => each.id === one)?.data.label ?? nodes.find((each) => each.id === one)?.type ?? one;
    return edges.map(({ source, target, sourceHandle = "" }) => `${name(source)} ${sourceHandle} > ${name(target)}`).toSorted();
  };

  // Let go where there is no place: nothing happens.
  const reminder = await middle(page, ".react-flow__node-card[data-id=Reminder]");
  await drag(page, reminder, { x: reminder.x + 180, y: reminder.y + 60 });
  await page.mouse.up();
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();

  // Behind itself is no place.
  await drag(page, reminder, await middle(page, place("Reminder", "sent")));
  await expect(page.locator(place("Reminder", "sent"))).toHaveAttribute("data-state", "closed");
  await expect(page.locator(place("Thanks", "sent"))).toHaveAttribute("data-state", "legal");
  const target = await middle(page, place("Thanks", "sent"));
  await page.mouse.move(target.x, target.y, { steps: 3 });
  await expect(page.locator(place("Thanks", "sent"))).toHaveAttribute("data-state", "over");
  await takePictures(page, "builder-dragging");
  await page.mouse.up();
  expect(await leads()).toEqual(
    ["Paid? yes > Thanks", "Reminder  > Bye", "Thanks  > Reminder", "start  > Paid?"].map((one) =>
      one.replace("  >", " sent >").replace("start sent", "start "),
    ),
  );

  // An exit is dragged to a step, once the drawing has followed the draft.
  await drag(
    page,
    await middle(page, `.react-flow__node-head[data-id="Paid?\\a otherwise"] .pill`),
    await middle(page, ".react-flow__node-card[data-id=Bye]"),
  );
  // The drawing may still come to rest, so the pointer follows the card until it is over it.
  await expect(async () => {
    const bye = await middle(page, ".react-flow__node-card[data-id=Bye]");
    await page.mouse.move(bye.x, bye.y, { steps: 2 });
    await expect(page.locator(".react-flow__node-card[data-id=Bye] .card")).toHaveAttribute("data-target", "over", { timeout: 1_000 });
  }).toPass();
  await page.mouse.up();
  await expect.poll(leads).toContain("Paid? otherwise > Bye");

  // A type out of the shelf.
  await page.getByRole("button", { name: "Add a step", exact: true }).click();
  await drag(page, await middle(page, "button:text-is('Delay')"), await middle(page, place("Paid?", "yes")));
  await page.mouse.up();
  await expect(page.getByLabel("Name of this step")).toBeFocused();
  await expect.poll(leads).toContain("Paid? yes > delay");
});

test("a click on a card focuses its step in the outline, and the plus of a line opens the palette there", async ({ page }) => {
  await open(page, [start, sms("One"), sms("Two")], "start > One", "One:sent > Two");
  await card(page, "Two").click();
  await expect(step(page, "Two")).toBeFocused();
  await expect(page.getByRole("region", { name: "Settings of Two" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator(place("start", "next")).click();
  await expect(page.getByRole("combobox", { name: "Add a step" })).toBeFocused();
  await page.keyboard.type("sms");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Settings of Send SMS" })).toBeVisible();
  await expect(steps(page).nth(1)).toContainText("Send SMS");
  expect(await findings(page)).toEqual([]);
});
