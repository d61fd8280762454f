import { expect, type Page, test } from "@playwright/test";
import { Client } from "pg";
import { sendAndBeRefused } from "./filled.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Who does not want messages, and addresses to which nothing is sent any more.

test.beforeEach(({ page }) => beginSession(page));

const panel = (page: Page) => page.getByRole("dialog");
/** Opens the panel of a contact and waits until everything in it was read. */
const openContact = async (page: Page, id: string) => {
  await page.goto(`${product().url}/contacts?contact=${id}`);
  await expect(panel(page).getByRole("button", { name: "Edit" })).toBeVisible({ timeout: 45_000 });
  await expect(
    panel(page)
      .getByRole("status")
      .filter({ hasText: /^Loading/ }),
  ).toHaveCount(0, { timeout: 45_000 });
};
const edit = (page: Page) => panel(page).getByRole("button", { name: "Edit" }).click();
const save = (page: Page) => panel(page).getByRole("button", { name: "Save contact" }).click();
const turn = (page: Page, label: string) => panel(page).getByText(label, { exact: true }).click();

test("an opt-out is taken back only with where and when it was given, keeps both entries, and never after a STOP", async ({ page }) => {
  const contact = { firstname: "Olga", lastname: "Optout", phoneNumber: "+12025550163", email: "olga@example.com" };
  const { id } = await call<{ id: string }>("/api/contacts", contact);
  await openContact(page, id);
  await panel(page).getByRole("button", { name: "Record consent" }).click();
  const record = page.getByRole("dialog", { name: "Record a consent of Olga Optout" });
  await record.getByLabel("Where it was given, and where the proof is").fill("Counter, folder 12");
  await record.getByLabel("What they were shown").fill("I agree to get offers by SMS.");
  await takePictures(page, "consent 0 recorded");
  await record.getByRole("button", { name: "Record consent" }).click();
  await expect(page.getByText("The consent of Olga Optout is recorded")).toBeVisible();
  await expect(panel(page).getByText("Opted in to SMS, on a web form")).toBeVisible();
  await edit(page);
  await turn(page, "Opted out of SMS");
  await takePictures(page, "consent 1 opted out");
  await save(page);
  await expect(page.getByRole("row", { name: /Olga Optout/ })).toContainText("No SMS");

  await openContact(page, id);
  await expect(panel(page).getByText("Opted out of SMS, set by hand", { exact: true })).toBeVisible();
  await edit(page);
  await turn(page, "Opted out of SMS");
  await save(page);
  await expect(panel(page).getByText("Say where the contact gave this consent")).toBeVisible();
  await expect(panel(page).getByText("Say when the contact gave this consent")).toBeVisible();
  await takePictures(page, "consent 2 asks where and when");
  await panel(page).getByLabel("Where it was given").fill("Sign-up form at the spring fair");
  await panel(page).getByLabel("When it was given").fill("2026-05-03");
  await save(page);
  await expect(page.getByText("Olga Optout was saved")).toBeVisible();
  await openContact(page, id);
  await expect(panel(page).getByText("“Sign-up form at the spring fair”")).toBeVisible();
  await expect(panel(page).getByText("Opted out of SMS, set by hand", { exact: true })).toBeVisible();
  await takePictures(page, "consent 3 history");

  await call(`/api/contacts/${id}`, { smsOptedOut: true }, "PATCH");
  await answerStop(contact.phoneNumber);
  await openContact(page, id);
  await expect(panel(page).getByText("The recipient answered STOP")).toBeVisible();
  await edit(page);
  await turn(page, "Opted out of SMS");
  await panel(page).getByLabel("Where it was given").fill("On the phone");
  await panel(page).getByLabel("When it was given").fill("2026-05-04");
  await save(page);
  await expect(panel(page).getByText(/^This contact has refused SMS themselves\. Only they can allow it again/)).toBeVisible();
  await takePictures(page, "consent 4 refused after STOP");
});

test("an address that bounced is seen at its contact, found by a filter and in the settings, and allowed again with a reason", async ({
  page,
}) => {
  const email = "bounced@example.com";
  const { contactId } = await sendAndBeRefused({ firstname: "Bernd", email }, "550 5.1.1 No such user");
  await openContact(page, contactId);
  await expect(panel(page).getByText("The mailbox or number does not exist, said the provider")).toBeVisible();
  await takePictures(page, "suppression 1 contact");

  await page.goto(`${product().url}/contacts`);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("combobox", { name: "Field" }).selectOption({ label: "E-mail is on the suppression list" });
  await takePictures(page, "suppression 2 filter");
  await page.getByRole("button", { name: "Add filter" }).click();
  await expect(page.getByRole("row", { name: "Bernd" })).toBeVisible();
  await expect(page.getByRole("row", { name: /John Doe/ })).toBeHidden();
  await takePictures(page, "suppression 3 filtered");

  await page.goto(`${product().url}/settings/suppressions`);
  await page.getByPlaceholder("Search addresses").fill("bounced@");
  await expect(page.getByText("1 address", { exact: true })).toBeVisible();
  await takePictures(page, "suppression 4 list");
  await page.getByRole("button", { name: `Allow again: ${email}` }).click();
  const lift = page.getByRole("dialog", { name: "Allow this address again?" });
  await lift.getByRole("button", { name: "Allow again" }).click();
  await expect(lift.getByText("Say why in a few words")).toBeVisible();
  await takePictures(page, "suppression 5 reason");
  await lift.getByLabel("Why is it allowed again?").fill("They repaired their mailbox");
  await lift.getByRole("button", { name: "Allow again" }).click();
  await expect(page.getByText(`${email} can be written to again`)).toBeVisible();
  await expect(page.getByText("No address on the list contains this.")).toBeVisible();
  await takePictures(page, "suppression 6 lifted");
});

/** Texts that contacts send are not received yet, so the answer STOP is written down as the provider's report will be. */
async function answerStop(address: string): Promise<void> {
  const { databaseUrl, workspaceId } = product();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const row = [workspaceId, address];
    await client.query(
      "insert into suppressions (workspace_id, channel, address, reason, source) values ($1, 'sms', $2, 'stop', 'contact')",
      row,
    );
  } finally {
    await client.end();
  }
}
