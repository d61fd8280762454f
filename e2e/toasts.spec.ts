import { expect, type Locator, type Page, test } from "@playwright/test";
import pg from "pg";
import { call, openContacts, product } from "./product.ts";

// Toasts cover nothing that one needs, wide and on a phone, and stay for as long as somebody reads them.

const toastOf = (page: Page, text: string | RegExp) => page.locator("[data-scope=toast][data-part=root]", { hasText: text });

/** Waits until the toast has come to rest where it covers none of these. */
async function expectClear(toast: Locator, ...needed: Locator[]): Promise<void> {
  await expect
    .poll(
      async () => {
        const box = await toast.boundingBox();
        const covered: string[] = [];
        for (const one of needed) {
          const other = await one.boundingBox();
          if (!box || !other) covered.push("not drawn");
          else if (
            box.x < other.x + other.width &&
            other.x < box.x + box.width &&
            box.y < other.y + other.height &&
            other.y < box.y + box.height
          )
            covered.push((await one.textContent()) ?? "");
        }
        return covered;
      },
      { message: "covered by the toast" },
    )
    .toEqual([]);
  const box = await toast.boundingBox();
  const { innerWidth, innerHeight } = await toast
    .page()
    .evaluate(() => ({ innerWidth: window.innerWidth, innerHeight: window.innerHeight }));
  expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= innerWidth && box.y + box.height <= innerHeight).toBe(true);
}

/** Asks for a send without a choice of a flow: the keys do, although the button is disabled, and the toast says what is missing. */
async function provokeToast(page: Page): Promise<Locator> {
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  const picker = page.getByPlaceholder("Choose a flow to send");
  await expect(picker).toBeFocused();
  await page.keyboard.press("Control+Enter");
  const toast = toastOf(page, "No flow selected");
  // While the pointer is on it, its time does not run.
  await toast.hover();
  return toast;
}

const tick = (page: Page, name: string) =>
  page
    .getByRole("row", { name: new RegExp(name) })
    .getByRole("checkbox")
    .check({ force: true });

for (const [look, viewport] of [
  ["wide", { width: 1280, height: 800 }],
  ["in a narrow window", { width: 900, height: 640 }],
  ["on a phone", { width: 390, height: 844 }],
] as const) {
  test(`a toast covers no button of a dialog, no floating bar and no navigation, ${look}`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await openContacts(page, "John Doe");
    await tick(page, "John Doe");
    const toast = await provokeToast(page);
    const dialog = page.getByRole("dialog", { name: /Send Flow/ });
    await expectClear(toast, dialog.getByRole("button", { name: "Send Flow" }), dialog.getByRole("button", { name: "Cancel" }));

    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    const bar = page.getByRole("region", { name: "Selection" });
    await expectClear(toast, bar);
    if (viewport.width < 768) await expectClear(toast, page.getByRole("navigation", { name: "Main" }).last());

    await toast.getByRole("button", { name: "Dismiss notification" }).click();
    await expect(toast).toBeHidden();
  });
}

test("a toast stays while the pointer is on it, and can be closed", async ({ page }) => {
  await openContacts(page, "John Doe");
  await tick(page, "John Doe");
  const toast = await provokeToast(page);
  await page
    .getByRole("dialog", { name: /Send Flow/ })
    .getByRole("button", { name: "Cancel" })
    .click();
  await toast.hover();
  // Its own time is three seconds.
  await page.waitForTimeout(4500);
  await expect(toast).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(toast).toBeHidden();
});

test("a message is read before it is sent, and what was read is what was sent", async ({ page }) => {
  await openContacts(page, "John Doe");
  await tick(page, "John Doe");
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  await page.getByPlaceholder("Choose a flow to send").click();
  const buttons = page.getByRole("dialog", { name: /Send Flow/ }).getByRole("button", { name: "Send Flow" });
  const list = page.getByRole("listbox");
  await expect(list).toBeVisible();
  const [listBox, buttonBox] = [await list.boundingBox(), await buttons.boundingBox()];
  expect(listBox && buttonBox && listBox.y + listBox.height <= buttonBox.y, "the list covers the buttons").toBe(true);
  await page.getByRole("option", { name: /Welcome Flow/ }).click();
  await page.getByRole("button", { name: /^Read the message of Welcome SMS/ }).click();
  const reading = page.getByRole("dialog", { name: "Welcome SMS" });
  const text = await reading.locator("[dir=auto]").first().textContent();
  expect(text).toContain("John");
  await page.keyboard.press("Escape");
  await expect(reading).toBeHidden();
  await page
    .getByRole("dialog", { name: /Send Flow/ })
    .getByRole("button", { name: "Send Flow" })
    .click();
  await expect(page.getByText("Flow sent to 1 contact", { exact: true })).toBeVisible();
  await expect.poll(async () => (await call<{ items: { body: string }[] }>("/api/messages?channel=sms&limit=1")).items[0]?.body).toBe(text);
});

test("a link to a send of another of one's workspaces offers to go there", async ({ page }) => {
  await openContacts(page, "John Doe");
  const { items } = await call<{ items: { id: string; flowName: string }[] }>("/api/sends?limit=1");
  const made = await page.request.post(`${product().url}/api/workspaces`, {
    data: { name: "Elsewhere", timeZone: "Europe/Vienna", country: "AT" },
    headers: { origin: product().url },
  });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = (await made.json()) as { id: string };
  await page.evaluate((workspace) => {
    for (const storage of [sessionStorage, localStorage]) storage.setItem("sluice.workspace", workspace);
  }, id);
  await page.goto(`${product().url}/sends/${items[0]?.id}`);
  await expect(page.getByText("This send is in another workspace")).toBeVisible();
  await page.getByRole("button", { name: /^Switch to/ }).click();
  await expect(page.getByRole("heading", { name: items[0]?.flowName ?? "" })).toBeVisible();

  // A new browser begins in the workspace that was used last, and the other journeys are about the demo.
  await page.close();
  const database = new pg.Client({ connectionString: product().databaseUrl });
  await database.connect();
  await database.query("delete from workspaces where id = $1", [id]);
  await database.end();
});
