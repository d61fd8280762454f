import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Clicks and opens: off until an admin turns them on, then told at the message, the contact and the send, which is also drawn over time.

const step = (id: string, type: string, config = {}) => ({ id, type, position: { x: 0, y: 0 }, data: { config } });
const path = "/api/workspace/link-tracking";
const browser = { "user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 Safari/605.1.15" };

test.beforeEach(({ page }) => beginSession(page));
test.afterEach(() => call(path, {}, "PUT"));

test("an admin turns clicks on, a contact clicks, and message, contact and send tell it; the send is drawn over time", async ({ page }) => {
  // Six pages, three of which are judged light and dark, wide and narrow.
  test.slow();
  await page.goto(`${product().url}/settings/channels`);
  const clicks = page.getByLabel(/^Note who clicks links/);
  await expect(clicks).toBeAttached({ timeout: 45_000 });
  await clicks.check({ force: true });
  await page.getByLabel("Domain for short links in SMS").fill("go.example.com");
  await page.getByLabel(/^Note who opens e-mails/).check({ force: true });
  await page.getByRole("button", { name: "Save clicks and opens", exact: true }).click();
  await expect(page.getByText("Saved. It holds for messages that leave from now on.")).toBeVisible();
  await page.getByRole("heading", { name: "Clicks and opens" }).scrollIntoViewIfNeeded();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "clicks 1 setting");

  const person = {
    firstname: "Clara",
    lastname: `Clicks ${Date.now()}`,
    email: `clara-${Date.now()}@example.com`,
    phoneNumber: "+12025550177",
  };
  const { id } = await call<{ id: string }>("/api/contacts", person);
  const nodes = [
    step("start", "start"),
    step("sms", "send_sms", { text: "Our offer: https://shop.example/offer?from=sms", kind: "transactional" }),
    step("mail", "send_email", { subject: "Offer", html: '<p>See <a href="https://shop.example/offer?from=mail">our offer</a>.</p>' }),
    step("end", "end"),
  ];
  const edges = ["start sms", "sms mail", "mail end"].map((way, n) => {
    const [source, target] = way.split(" ");
    return { id: String(n), source, target };
  });
  const flow = await call<{ id: string }>("/api/flows", { name: `Offer ${Date.now()}`, nodes, edges });
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [id] } });
  type Sent = { id: string; contactId: string; channel: string; body: string; html: string | null };
  const sent = async () => (await call<{ items: Sent[] }>("/api/messages?limit=50")).items.filter(({ contactId }) => contactId === id);
  await expect.poll(async () => (await sent()).length, { timeout: 30_000 }).toBe(2);
  const mail = (await sent()).find(({ channel }) => channel === "email");
  expect((await sent()).find(({ channel }) => channel === "sms")?.body).toMatch(/^Our offer: https:\/\/go\.example\.com\/s\/\w{12}$/);
  const link = /href="([^"]+\/l\/[^"]+)"/.exec(mail?.html ?? "")?.[1] ?? "";
  const answer = await fetch(link, { redirect: "manual", headers: browser });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://shop.example/offer?from=mail"]);

  await page.goto(`${product().url}/sends/${send.id}`);
  await expect(page.getByRole("region", { name: "Clicks and opens" })).toContainText("Clicked: 1", { timeout: 45_000 });
  await takePictures(page, "clicks 2 send");
  await page.getByRole("tab", { name: "Over time" }).click();
  await expect(page.getByRole("img", { name: /Lines of what happened, by minutes/ })).toBeVisible({ timeout: 45_000 });
  await expect(page.locator(".recharts-line").first()).toBeAttached();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "clicks 3 chart");
  await page.getByText("Table", { exact: true }).click();
  await expect(page.getByRole("row", { name: /^Together/ })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "clicks 4 table");

  await page.goto(`${product().url}/contacts/${id}`);
  await expect(page.getByText("Clicked a link by E-mail")).toBeVisible({ timeout: 45_000 });
  await takePictures(page, "clicks 5 contact");
  await page.goto(`${product().url}/inbox?view=sent&message=${mail?.id}`);
  await expect(page.getByRole("list", { name: "Clicks and opens" })).toBeVisible({ timeout: 45_000 });
  await takePictures(page, "clicks 6 message");
  // What a member looks at counts for nobody.
  const frame = page.getByTitle(/^E-mail: Offer/);
  expect(await frame.getAttribute("srcdoc")).toContain("?look");
  expect(await frame.getAttribute("srcdoc")).not.toContain("/o/");
});
