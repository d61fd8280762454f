import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// How messages leave: an account at Twilio is set up, tried, heard from, and put away again.

const fake = () => product().twilio;

test.beforeEach(({ page }) => beginSession(page));
test.afterEach(() => call("/api/providers/sms", { provider: "capture" }, "PUT"));

const openSms = async (page: Page) => {
  await page.goto(`${product().url}/settings/channels`);
  await page.getByRole("radio", { name: /^Twilio/ }).check();
  await expect(page.getByLabel("Account SID")).toBeVisible();
};

test("an account at Twilio is refused with its words, set up, tried, and its first call turns “not called yet” into “works”", async ({
  page,
}) => {
  const { accountSid, authToken } = fake();
  await openSms(page);
  const address = await page.getByRole("textbox", { name: "Webhook address" }).inputValue();
  expect(address).toBe(`${product().url}/api/inbound/sms/${product().workspaceId}`);

  await page.getByLabel("Account SID").fill(accountSid);
  await page.getByLabel("Auth token", { exact: true }).fill("0".repeat(32));
  await page.getByLabel(/^Numbers|^Senders/).fill("+15550001111");
  await page.getByRole("button", { name: "Send SMS through Twilio" }).click();
  await expect(page.getByText(/Twilio refuses the sign-in/)).toBeVisible();
  await takePictures(page, "twilio 1 refused");

  await page.getByLabel("Auth token", { exact: true }).fill(authToken);
  await page.getByRole("button", { name: "Send SMS through Twilio" }).click();
  await expect(page.getByText("SMS now goes through your Twilio account")).toBeVisible();
  await expect(page.getByText(/^Not called yet$|^Works$/)).toBeVisible();
  await page.getByLabel("Parts a second").fill("3");
  await page.getByRole("button", { name: "Save Twilio account" }).click();
  await expect.poll(async () => JSON.stringify(await call("/api/providers"))).toContain('"partsPerSecond":3');
  await takePictures(page, "twilio 2 in use");

  await page.getByRole("button", { name: "Send test message" }).first().click();
  const dialog = page.getByRole("dialog", { name: /test SMS/i });
  await dialog.getByRole("textbox").fill("+14155550142");
  await dialog.getByRole("button", { name: "Send test message" }).click();
  await expect(page.getByText("Sent to +14155550142.")).toBeVisible();
  // The report of this very message, as it comes.
  await expect(dialog.getByText("Delivered. Calls of the provider arrive here.")).toBeVisible({ timeout: 30_000 });
  await takePictures(page, "twilio 3 round trip");
  await page.keyboard.press("Escape");
  await expect(page.getByText("Works", { exact: true })).toBeVisible();
  await takePictures(page, "twilio 4 works");
});
