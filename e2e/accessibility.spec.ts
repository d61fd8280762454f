import { type BrowserContext, expect, type Locator, type Page, test } from "@playwright/test";
import { findings, looks, wideLooks } from "./axe.ts";
import { sendAndBeRefused } from "./filled.ts";
import { beginSession, call, product } from "./product.ts";

// axe finds nothing serious or critical on any page of the router: filled and empty, in light and dark, wide and on a
// phone, with every menu and dialog open. A page that is added to the router is looked at without a line here.

test.describe.configure({ timeout: 1_500_000 });
// A trace would keep every page with every question that axe asks of it.
test.use({ trace: "off", actionTimeout: 20_000 });

/** What stands for the parameters of an address. A page with another parameter needs an example here. */
const examples: Record<string, string> = {};
/** An address that the mail server refused. It is another one where the tests begin anew after a failure. */
const nowhere = `nowhere.${Date.now()}@example.com`;
/** A paused send, for the dialogs of one that goes on. */
let pausedSend = "";

test.beforeAll(async () => {
  const refused = await sendAndBeRefused({ firstname: "Nowhere", email: nowhere }, "550 5.1.1 No such user");
  const { items } = await call<{ items: { id: string; contactId: string }[] }>(`/api/executions?sendId=${refused.sendId}`);
  const messages = await call<{ items: { id: string }[] }>("/api/messages?limit=1");
  Object.assign(examples, {
    flowId: refused.flowId,
    sendId: refused.sendId,
    executionId: items[0]?.id,
    contactId: items[0]?.contactId,
    messageId: messages.items[0]?.id,
  });
  const { items: flows } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  const welcome = flows.find(({ name }) => name === "Welcome Flow")?.id;
  const selection = { type: "filter", filter: { search: "@example.com", tests: [] }, excluded: [] };
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId: welcome, selection, drip: { count: 5, everySeconds: 60 } });
  await call(`/api/sends/${send.id}/pause`, {});
  pausedSend = send.id;
});
test.afterAll(async () => {
  if (pausedSend) await call(`/api/sends/${pausedSend}/stop`, {});
});

test("no page has a serious or critical finding, with and without content, and no menu on it", async ({ page, browser }) => {
  await beginSession(page);
  const routes = await routesOfTheApp(page);
  const found: string[] = [];
  for (const { path, isForMembers } of routes) {
    await visit(page, path);
    found.push(...(await findingsAt(page, path)));
    if (isForMembers) found.push(...(await findingsInMenus(page, path)));
  }

  const newcomer = await enterEmptyWorkspace(page, await browser.newContext());
  for (const { path, isForMembers } of routes.filter(({ path }) => !path.includes("$"))) {
    if (isForMembers) found.push(...(await visit(newcomer, path).then(() => findingsAt(newcomer, `${path}, without content`))));
  }
  await newcomer.context().clearCookies();
  for (const { path } of routes.filter(({ isForMembers }) => !isForMembers)) {
    await visit(newcomer, path);
    found.push(...(await findingsAt(newcomer, `${path}, signed out`)));
  }
  await newcomer.context().close();
  expect(found).toEqual([]);
});

/** How a dialog, panel or popover is opened, by the page on which it is. */
const opened: { name: string; at: () => string; open: (page: Page) => Promise<void> }[] = [
  { name: "command palette", at: () => "/flows", open: (page) => page.keyboard.press("ControlOrMeta+k") },
  { name: "keyboard shortcuts", at: () => "/flows", open: (page) => page.keyboard.press("?") },
  {
    name: "new workspace",
    at: () => "/flows",
    open: async (page) => {
      await press(page, /^Workspace .*: switch/);
      await chooseDialog(page, "New workspace…");
    },
  },
  { name: "filter", at: () => "/contacts?q=John%20Doe", open: (page) => press(page, "Filter") },
  { name: "add contact", at: () => "/contacts?new=1", open: async () => {} },
  {
    name: "contact",
    at: () => "/contacts?q=John%20Doe",
    open: async (page) => page.getByRole("row", { name: /John Doe/ }).click(),
  },
  {
    name: "selection",
    at: () => "/contacts?q=John%20Doe",
    open: async (page) => {
      await tickFirst(page);
      await press(page, "Bulk Actions");
    },
  },
  {
    name: "send flow, with a flow chosen and its time",
    at: () => "/contacts?q=John%20Doe",
    open: async (page) => {
      await tickFirst(page);
      await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
      await page.getByPlaceholder("Choose a flow to send").click();
      await page.getByRole("option", { name: /Welcome Flow/ }).click();
      await press(page, /^When/);
    },
  },
  {
    name: "send flow, choosing a flow",
    at: () => "/contacts?q=John%20Doe",
    open: async (page) => {
      await tickFirst(page);
      await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
      await page.getByPlaceholder("Choose a flow to send").click();
      await expect(page.getByRole("option", { name: /Welcome Flow/ })).toBeVisible();
    },
  },
  ...["Change Status", "Delete"].map((name) => ({
    name,
    at: () => "/contacts?q=John%20Doe",
    open: async (page: Page) => {
      await tickFirst(page);
      await press(page, "Bulk Actions");
      await chooseDialog(page, name);
    },
  })),
  { name: "import", at: () => "/contacts?q=John%20Doe", open: (page) => press(page, "Import") },
  {
    name: "import, mapping with questions and letters",
    at: () => "/contacts?q=John%20Doe",
    open: async (page) => {
      await press(page, "Import");
      await page
        .getByLabel("Drop a CSV or Excel file here")
        .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Group\nZoë,VIP\nBob,Unsubscribed\n") });
      await expect(page.getByRole("button", { name: "Import contacts" })).toBeVisible();
    },
  },
  { name: "enrollment", at: () => `/sends/${examples.sendId}?execution=${examples.executionId}`, open: async () => {} },
  { name: "retry", at: () => `/sends/${examples.sendId}`, open: (page) => press(page, /^Retry [\d,]+ failed/) },
  { name: "send that is paused", at: () => `/sends/${pausedSend}`, open: async () => {} },
  { name: "stop send", at: () => `/sends/${pausedSend}`, open: (page) => press(page, "Stop") },
  { name: "contacts not enrolled", at: () => `/sends/${pausedSend}?tab=skipped`, open: async () => {} },
  {
    name: "change schedule",
    at: () => `/sends/${pausedSend}`,
    open: async (page) => {
      await press(page, "More actions");
      await chooseDialog(page, "Change schedule…");
    },
  },
  { name: "history of a flow", at: () => `/flows/${examples.flowId}?tab=history`, open: async () => {} },
  { name: "path of an execution", at: () => `/flows/${examples.flowId}?tab=flow&path=${examples.executionId}`, open: async () => {} },
  { name: "limits", at: () => "/queue", open: (page) => press(page, "Change SMS") },
  { name: "message", at: () => `/inbox?message=${examples.messageId}`, open: async () => {} },
  { name: "mail server", at: () => "/settings/channels", open: (page) => page.getByRole("radio").last().check({ force: true }) },
  {
    name: "test message",
    at: () => "/settings/channels",
    open: (page) => page.getByRole("button", { name: "Send test message" }).first().click(),
  },
  { name: "allow again", at: () => "/settings/suppressions", open: (page) => press(page, `Allow again: ${nowhere}`) },
  { name: "invite member", at: () => "/settings/members", open: (page) => press(page, "Invite member") },
  {
    name: "invitation link",
    at: () => "/settings/members",
    open: async (page) => {
      await press(page, "Invite member");
      await page.getByRole("dialog").getByLabel("E-mail").fill("colleague@example.com");
      await press(page, "Create invitation link");
      await expect(page.getByText("It is shown only now.", { exact: false })).toBeVisible();
    },
  },
  { name: "create API key", at: () => "/settings/api-keys", open: (page) => press(page, "Create API key") },
  {
    name: "revoke API key",
    at: () => "/settings/api-keys",
    open: (page) =>
      page
        .getByRole("button", { name: /^Revoke/ })
        .first()
        .click(),
  },
  { name: "form with problems", at: () => "/settings/account", open: (page) => press(page, "Change password") },
];

test("no dialog, panel or popover has a serious or critical finding", async ({ page, browser }) => {
  await beginSession(page);
  const found: string[] = [];
  for (const { name, at, open } of opened) {
    await visit(page, at());
    await open(page);
    await settled(page);
    found.push(...(await findingsAt(page, name)));
  }
  const stranger = await (await browser.newContext()).newPage();
  await visit(stranger, await invite(page, `third${test.info().retry}@example.com`));
  found.push(...(await findingsAt(stranger, "invitation")));
  await stranger.getByRole("button", { name: /^(Create account|Join)/ }).click();
  found.push(...(await findingsAt(stranger, "invitation, with problems")));
  await stranger.context().close();
  expect(found).toEqual([]);
});

const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, ...(typeof name === "string" && { exact: true }) }).click();

/** Chooses what opens a dialog from a menu. While the menu closes, its focused item is hidden already: a finding of no page. */
async function chooseDialog(page: Page, item: string): Promise<void> {
  await page.getByRole("menuitem", { name: item }).click();
  await expect(page.locator("[role=dialog], [role=alertdialog]").filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator("[role=menu]").filter({ visible: true })).toHaveCount(0);
}

const tickFirst = (page: Page) =>
  page
    .getByRole("row", { name: /John Doe/ })
    .getByRole("checkbox")
    .check({ force: true });

async function findingsAt(page: Page, name: string, from = looks): Promise<string[]> {
  return (await findings(page, from)).map((finding) => `${name}: ${finding}`);
}

/** Every address of the app. The router of the running app says which there are, and which are for members. */
async function routesOfTheApp(page: Page): Promise<{ path: string; isForMembers: boolean }[]> {
  await visit(page, "/flows");
  const routes = await page.evaluate(() => {
    const { __TSR_ROUTER__: router } = window as unknown as { __TSR_ROUTER__: { routesByPath: Record<string, { id: string }> } };
    return Object.entries(router.routesByPath).map(([path, { id }]) => ({ path, isForMembers: id.startsWith("/member") }));
  });
  expect(routes.length).toBeGreaterThan(15);
  // These two only lead to another page.
  return routes.filter(({ path }) => path !== "/" && path !== "/settings");
}

async function visit(page: Page, path: string): Promise<void> {
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) => {
    const example = examples[name];
    if (example === undefined) throw new Error(`The page ${path} needs an example for “${name}”.`);
    return example;
  });
  await page.goto(new URL(filled, product().url).href);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible({ timeout: 30_000 });
  await settled(page);
}

/** Waits until nothing on the page is being loaded. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true], .chakra-skeleton, .chakra-spinner").filter({ visible: true })).toHaveCount(0);
}

/** Opens what each button of the page opens that says it opens something. Of the rows of a table the first stands for all. */
async function findingsInMenus(page: Page, path: string): Promise<string[]> {
  const found: string[] = [];
  const triggers = page.locator("button[aria-haspopup]:not([disabled])").filter({ visible: true });
  const seen = new Set<string>();
  for (let index = 0; index < (await triggers.count()); index += 1) {
    const trigger: Locator = triggers.nth(index);
    const kind = (await trigger.getAttribute("title")) ?? (await trigger.textContent()) ?? "";
    // The frame is the same on every page.
    if (seen.has(kind) || (path !== "/contacts" && (await trigger.locator("xpath=ancestor::nav").count()) > 0)) continue;
    seen.add(kind);
    await trigger.click({ force: true });
    await expect(page.locator("[role=menu], [role=dialog], [role=listbox]").filter({ visible: true }).first()).toBeVisible();
    found.push(...(await findingsAt(page, `${path}, “${kind}” open`, wideLooks)));
    await page.keyboard.press("Escape");
    await expect(page.locator("[role=menu], [role=dialog], [role=listbox]").filter({ visible: true })).toHaveCount(0);
  }
  return found;
}

/** Somebody who was invited, joined, and made a workspace in which there is nothing yet. */
async function enterEmptyWorkspace(owner: Page, context: BrowserContext): Promise<Page> {
  const { url } = product();
  const headers = { Origin: url };
  const token = new URL(await invite(owner, `newcomer${test.info().retry}@example.com`)).hash.slice(1);
  const page = await context.newPage();
  const joined = await page.request.post(`${url}/api/invitations/accept`, {
    data: { token, name: "New Comer", password: "a long enough password" },
    headers,
  });
  expect(joined.ok(), await joined.text()).toBe(true);
  // Otherwise only an admin of the instance creates workspaces.
  const allowed = await owner.request.patch(`${url}/api/instance/settings`, { data: { membersMayCreateWorkspaces: true }, headers });
  expect(allowed.ok(), await allowed.text()).toBe(true);
  const made = await page.request.post(`${url}/api/workspaces`, { data: { name: "Empty", country: "US" }, headers });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = (await made.json()) as { id: string };
  await context.addInitScript((workspace) => sessionStorage.setItem("sluice.workspace", workspace), id);
  return page;
}

/** Invites somebody, and answers the link. */
async function invite(owner: Page, email: string): Promise<string> {
  const { url } = product();
  const answer = await owner.request.post(`${url}/api/invitations`, { data: { email, role: "editor" }, headers: { Origin: url } });
  return ((await answer.json()) as { link: string }).link;
}
