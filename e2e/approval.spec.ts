import { type Browser, expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// An editor asks, the owner looks and decides. Nothing leaves before.

test.afterEach(async () => {
  await call("/api/workspace/approval-rules", { above: null, editors: false }, "PUT");
});

/** Somebody who was invited as an editor and has joined, with a browser of their own. */
async function joinAsEditor(browser: Browser, owner: Page): Promise<Page> {
  const { url } = product();
  const headers = { Origin: url };
  const email = `eve${Date.now()}@example.com`;
  const invited = await owner.request.post(`${url}/api/invitations`, { data: { email, role: "editor" }, headers });
  const token = new URL(((await invited.json()) as { link: string }).link).hash.slice(1);
  const page = await (await browser.newContext()).newPage();
  const joined = await page.request.post(`${url}/api/invitations/accept`, {
    data: { token, name: "Eve Editor", password: "a long enough password" },
    headers,
  });
  expect(joined.ok(), await joined.text()).toBe(true);
  return page;
}

/** Adds contacts, and answers their ids. */
async function addContacts(mark: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let each = 0; each < count; each += 1) {
    const phoneNumber = `+1202555${String(1000 + Math.floor(Math.random() * 8999))}`;
    const contact = { firstname: `Guest ${each}`, lastname: mark, phoneNumber, evenIfTwin: true };
    ids.push((await call<{ id: string }>("/api/contacts", contact)).id);
  }
  return ids;
}

const dialogOf = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

/** Asks for the approval of a send to everybody with this mark, through the dialog. */
async function askToSend(page: Page, mark: string): Promise<void> {
  await page.goto(`${product().url}/contacts?q=${mark}`);
  await expect(page.getByRole("row", { name: new RegExp(mark) }).first()).toBeVisible();
  await page
    .getByRole("checkbox", { name: /select all|all contacts/i })
    .first()
    .check({ force: true });
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  const dialog = dialogOf(page);
  await dialog.getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Appointment Reminder/ }).click();
  await expect(dialog.getByText("Your sends need the approval of an admin. Nothing leaves before that.")).toBeVisible();
  const press = dialog.getByRole("button", { name: "Ask for approval" });
  await expect(press).toBeEnabled();
  // Who looks at it later sees the forecast too.
  await expect(dialog.getByText(/would start|will start|Forecast/i).first()).toBeVisible();
  await takePictures(page, "asking for approval");
  await press.click();
  await expect(page.getByText("Sent for approval")).toBeVisible();
  await expect(dialog).toHaveCount(0);
}

/** Opens what waits from the notices of an admin. */
async function openAsk(page: Page): Promise<void> {
  await page.goto(`${product().url}/notices`);
  const line = page.getByRole("listitem").filter({ hasText: "waits for approval" }).first();
  await line.getByRole("link", { name: "Open the send" }).click();
  await expect(page.getByRole("heading", { name: "Your approval is asked for" })).toBeVisible();
}

test("an editor asks, the owner approves, and the messages leave; a refusal says why; an audience that moved goes back", async ({
  page,
  browser,
}) => {
  test.slow();
  await beginSession(page);
  const { url } = product();
  await page.goto(`${url}/settings/channels`);
  const room = page.locator("section").filter({ has: page.getByRole("heading", { name: "Approval", exact: true }) });
  await room.getByText("Every send by an editor").click();
  await room.getByRole("button", { name: "Save approval" }).click();
  await expect(page.getByText("Saved. It holds for sends from now on.")).toBeVisible();
  await room.scrollIntoViewIfNeeded();
  await takePictures(page, "settings of approval");
  const editor = await joinAsEditor(browser, page);

  const first = `Wait${Date.now()}`;
  await addContacts(first, 3);
  await askToSend(editor, first);
  await openAsk(page);
  await expect(page.getByText("3 contacts now")).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Messages to Guest/ })).toBeVisible();
  await takePictures(page, "an approval that is asked for");
  expect(await findings(page)).toEqual([]);
  await page.getByLabel("Comment").fill("Looks right");
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(page.getByText("Send approved")).toBeVisible();
  await expect(page.getByText(/Approved by .*Looks right/)).toBeVisible();
  await expect(page.getByRole("tab", { name: /Enrolled 3/ })).toBeVisible();
  await takePictures(page, "an approved send");

  const second = `Moved${Date.now()}`;
  const [gone] = await addContacts(second, 3);
  await askToSend(editor, second);
  await call(`/api/contacts/${gone}`, undefined, "DELETE");
  await openAsk(page);
  await expect(page.getByText("The audience has moved from 3 contacts to 2 contacts, more than 5 %.").first()).toBeVisible();
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(page.getByText("It was asked for again")).toBeVisible();
  await expect(page.getByText("2 contacts now")).toBeVisible();
  await takePictures(page, "an audience that moved");
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByText("Say why, so that it can be changed")).toBeVisible();
  await page.getByLabel("Comment").fill("Only to those who asked");
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect(page.getByText("Send refused")).toBeVisible();
  await expect(page.getByText("“Only to those who asked”")).toBeVisible();
  await takePictures(page, "a refused send");

  await editor.goto(`${url}/notices`);
  const told = editor.getByRole("listitem").filter({ hasText: "was not approved" });
  await told.first().getByRole("link", { name: "Open the send" }).click();
  await expect(editor.getByText("“Only to those who asked”")).toBeVisible();
  await expect(editor.getByRole("tab", { name: /Not enrolled 3/ })).toBeVisible();
  await editor.context().close();
});
