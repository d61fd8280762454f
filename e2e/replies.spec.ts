import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A newcomer tries a reply without any account: the channels are in test mode, and one answers as the contact.

test.beforeEach(({ page }) => beginSession(page));

const node = (id: string, type: string, config?: object) => ({ id, type, position: { x: 0, y: 0 }, data: config ? { config } : {} });
const edge = (source: string, target: string, sourceHandle?: string) => ({
  id: `${source} ${target}`,
  source,
  target,
  ...(sourceHandle && { sourceHandle }),
});

/** Somebody who is asked whether they come. */
async function askSomebody(): Promise<{ id: string; name: string }> {
  const stamp = Date.now();
  const name = `Rita ${stamp}`;
  const phoneNumber = `+1415555${String(stamp).slice(-4)}`;
  const contact = await call<{ id: string }>("/api/contacts", { firstname: "Rita", lastname: String(stamp), phoneNumber });
  const cases = [
    { id: "yes", label: "Yes", is: "yes" },
    { id: "no", label: "No", is: "no" },
  ];
  const nodes = [
    node("start", "start"),
    node("ask", "send_sms", { text: "Are you coming on Friday? Yes or no." }),
    node("reply", "wait_for_reply", { limitSeconds: 172_800, cases }),
    node("great", "send_sms", { text: "Great, see you on Friday!" }),
    node("pity", "send_sms", { text: "A pity. Another time." }),
  ];
  const edges = [edge("start", "ask"), edge("ask", "reply"), edge("reply", "great", "yes"), edge("reply", "pity", "no")];
  const flow = await call<{ id: string }>("/api/flows", { name: `Friday ${stamp}`, nodes, edges });
  await call("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [contact.id] }, undoSeconds: 0 });
  return { id: contact.id, name };
}

/** As somebody in another tab would. A key may not. */
async function answerElsewhere(page: Page, id: string, text: string): Promise<void> {
  const { url, workspaceId } = product();
  const headers = { "X-Workspace-Id": workspaceId, Origin: url };
  const answer = await page.request.post(`${url}/api/conversations/${id}/trial`, { data: { channel: "sms", text }, headers });
  expect(answer.ok(), `answering gave ${answer.status()}`).toBe(true);
}

const log = (page: Page) => page.getByRole("log", { name: "Messages of this conversation", exact: true });

test("a reply steers a flow: the newcomer answers as the contact, and the flow goes on by what was written", async ({ page }) => {
  test.setTimeout(180_000);
  const { name } = await askSomebody();
  await page.goto(`${product().url}/inbox?view=sent&q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: new RegExp(`${name}.*Friday`) }).click({ timeout: 45_000 });
  await page.getByRole("button", { name: "Answer as the contact", exact: true }).click();
  await expect(log(page)).toContainText("Are you coming on Friday?", { timeout: 30_000 });
  await page.getByRole("radio", { name: "Answer as the contact", exact: true }).check({ force: true });
  await page.getByRole("textbox", { name: "What the contact answers" }).fill("Yes please!");
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(log(page)).toContainText("Yes please!", { timeout: 30_000 });
  await expect(log(page)).toContainText("Great, see you on Friday!", { timeout: 60_000 });
  await expect(log(page)).not.toContainText("A pity.");
  await expect(page.getByRole("list", { name: "Conversations", exact: true })).toContainText(name);
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "inbox-conversation");
});

test("on a phone a conversation is read, answered by hand, closed, and opened again by the next message", async ({ page }) => {
  test.setTimeout(180_000);
  await page.setViewportSize({ width: 390, height: 844 });
  const { id, name } = await askSomebody();
  await answerElsewhere(page, id, "Where is it?");
  await page.goto(`${product().url}/inbox?find=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: new RegExp(name) }).click({ timeout: 45_000 });
  await expect(log(page)).toContainText("Where is it?", { timeout: 30_000 });
  await page.getByRole("textbox", { name: "Your message" }).fill("At the harbour, gate 2.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(log(page)).toContainText("At the harbour, gate 2.", { timeout: 30_000 });
  await takePictures(page, "inbox-phone");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(page.getByRole("button", { name: "Reopen", exact: true })).toBeVisible({ timeout: 30_000 });
  await answerElsewhere(page, id, "Thanks");
  await expect(page.getByRole("button", { name: "Close", exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Back to the list", exact: true }).click();
  await expect(page.getByRole("list", { name: "Conversations", exact: true })).toContainText("Thanks");
  await takePictures(page, "inbox-phone-list");
});

test("what comes in, and what a colleague does, is there at once in every tab", async ({ page, context }) => {
  test.setTimeout(180_000);
  const { id } = await askSomebody();
  await answerElsewhere(page, id, "Where is it?");
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${product().url}/inbox?contact=${id}`);
    await expect(log(tab)).toContainText("Where is it?", { timeout: 45_000 });
  }
  await other.getByRole("button", { name: "Close", exact: true }).click();
  await expect(page.getByRole("button", { name: "Reopen", exact: true })).toBeVisible();
  await other.getByLabel("Assigned to").selectOption({ index: 1 });
  await expect(page.getByLabel("Assigned to")).not.toHaveValue("nobody");
  await answerElsewhere(page, id, "I see it now");
  for (const tab of [page, other]) {
    await expect(log(tab)).toContainText("I see it now");
    await expect(tab.getByRole("button", { name: "Close", exact: true })).toBeVisible();
  }
  await page.getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Send Flow" })).toContainText("Rita");
});

test("words that were said are found, and open the conversation where they stand", async ({ page }) => {
  test.setTimeout(180_000);
  const { id, name } = await askSomebody();
  const word = `quay${Date.now()}`;
  await answerElsewhere(page, id, `Let us meet at the ${word}, please`);
  await answerElsewhere(page, id, "And bring the keys");
  await page.goto(`${product().url}/inbox`);
  const search = page.getByRole("searchbox", { name: "Search conversations" });
  await search.fill(word.toUpperCase());
  await page
    .getByRole("list", { name: "Messages that were found" })
    .getByRole("button", { name: new RegExp(word) })
    .click({ timeout: 45_000 });
  await expect(page).toHaveURL(/[?&]at=/);
  await expect(log(page).locator("[aria-current=true] mark")).toHaveText(word);
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "inbox-found");
  await search.fill(name);
  await expect(page.getByRole("list", { name: "Conversations", exact: true })).toContainText(name);
  await search.fill("nobody wrote this");
  await expect(page.getByText("Nothing was found")).toBeVisible();
});
