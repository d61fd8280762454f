import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What marketing e-mail must have: the postal address of the business, and a link behind which its recipient unsubscribes.

const step = (id: string, type: string, config = {}) => ({ id, type, position: { x: 0, y: 0 }, data: { config } });

/** Sends one marketing e-mail in test mode, and returns where its link leads. */
async function sendOne(contactId: string): Promise<string> {
  const nodes = [step("start", "start"), step("mail", "send_email", { subject: "News", html: "<p>Our news</p>" }), step("end", "end")];
  const edges = [
    { id: "1", source: "start", target: "mail" },
    { id: "2", source: "mail", target: "end" },
  ];
  const flow = await call<{ id: string }>("/api/flows", { name: `News ${Date.now()}`, nodes, edges });
  await call("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [contactId] } });
  const body = async () => {
    const { items } = await call<{ items: { contactId: string; body: string }[] }>("/api/messages?limit=50");
    return items.find((message) => message.contactId === contactId)?.body ?? "";
  };
  await expect.poll(body, { timeout: 30_000 }).toContain("/u/");
  return /https?:\/\/\S+\/u\/[\w-]+/.exec(await body())?.[0] ?? "";
}

const openContact = async (page: Page, id: string) => {
  await page.goto(`${product().url}/contacts?contact=${id}`);
  await expect(page.getByRole("dialog").getByRole("button", { name: "Edit" })).toBeVisible({ timeout: 45_000 });
};

test("the postal address is entered, and stands at the end of an e-mail; its recipient unsubscribes without scripts, and the contact shows it", async ({
  page,
  browser,
}) => {
  await beginSession(page);
  await page.goto(`${product().url}/settings/channels`);
  const field = page.getByLabel("Postal address");
  await expect(field).toBeVisible({ timeout: 45_000 });
  const street = `${Date.now() % 1_000} Harbour Street`;
  await field.fill(`${street}\nSpringfield, IL 62701`);
  await page.getByRole("button", { name: "Save postal address", exact: true }).click();
  await expect(page.getByText("Postal address saved")).toBeVisible();
  await page.getByRole("heading", { name: "At the end of marketing e-mails" }).scrollIntoViewIfNeeded();
  await takePictures(page, "unsubscribe 1 postal address");

  const person = { firstname: "Ute", lastname: `Unsub ${Date.now()}`, email: `ute-${Date.now()}@example.com`, phoneNumber: "+12025550188" };
  const { id } = await call<{ id: string }>("/api/contacts", person);
  const link = await sendOne(id);

  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en-US" });
  const mailPage = await context.newPage();
  await mailPage.goto(link);
  await expect(mailPage.getByRole("heading", { name: "Unsubscribe", exact: true })).toBeVisible();
  await mailPage.getByRole("button", { name: "Unsubscribe", exact: true }).click();
  await expect(mailPage.getByRole("heading", { name: "You are unsubscribed", exact: true })).toBeVisible();
  await context.close();

  const visitor = await (await browser.newContext({ locale: "de-DE" })).newPage();
  await visitor.goto(link);
  await expect(visitor.getByRole("heading", { name: "Sie sind abgemeldet", exact: true })).toBeVisible();
  expect(await findings(visitor)).toEqual([]);
  await takePictures(visitor, "unsubscribe 2 done");
  await visitor.context().close();

  await openContact(page, id);
  await expect(page.getByText("Opted out of e-mail, by the link of an e-mail", { exact: true })).toBeVisible();
  await takePictures(page, "unsubscribe 3 contact");
});

test("the page before anything was pressed, and providers of e-mail, as they look", async ({ page, browser }) => {
  const person = {
    firstname: "Vera",
    lastname: `Visitor ${Date.now()}`,
    email: `vera-${Date.now()}@example.com`,
    phoneNumber: "+12025550189",
  };
  const { id } = await call<{ id: string }>("/api/contacts", person);
  const visitor = await (await browser.newContext({ locale: "en-US" })).newPage();
  await visitor.goto(await sendOne(id));
  await expect(visitor.getByRole("button", { name: "Unsubscribe", exact: true })).toBeVisible();
  expect(await findings(visitor)).toEqual([]);
  await takePictures(visitor, "unsubscribe 4 question");
  await visitor.context().close();

  await beginSession(page);
  for (const name of ["Resend", "SendGrid"]) {
    await page.goto(`${product().url}/settings/channels`);
    await page.getByRole("radio", { name: new RegExp(`^${name}`) }).check();
    await expect(page.getByRole("button", { name: `Send e-mail through ${name}`, exact: true })).toBeVisible({ timeout: 45_000 });
    await page.getByRole("button", { name: `Send e-mail through ${name}`, exact: true }).scrollIntoViewIfNeeded();
    expect(await findings(page)).toEqual([]);
    await takePictures(page, `mail provider ${name}`);
  }
});
