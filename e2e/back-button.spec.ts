import { expect, type Page, test } from "@playwright/test";
import { beginSession, call, product } from "./product.ts";

const stamp = Date.now();
const question = (page: Page) => page.getByRole("alertdialog", { name: "Discard what you entered?" });

test("the Back button of the browser loses nothing that was typed for a contact or a send, and closes neither while it asks", async ({
  page,
}) => {
  test.slow();
  await call("/api/contacts", { firstname: "Back", lastname: `Button${stamp}`, email: `back${stamp}@example.com`, evenIfTwin: true });
  await beginSession(page);
  await page.goto(`${product().url}/flows`);
  await page.goto(`${product().url}/contacts?q=Button${stamp}`);

  await page.getByRole("button", { name: "Add contact" }).first().click();
  const first = page.getByLabel("First name", { exact: true });
  await first.fill("Ada");
  await page.goBack();
  await question(page).getByRole("button", { name: "Keep editing" }).click();
  await expect(first).toHaveValue("Ada");
  await page.goBack();
  await question(page).getByRole("button", { name: "Discard" }).click();
  await expect(first).toBeHidden();
  await expect(page.getByRole("row", { name: `Back Button${stamp}` })).toBeVisible();

  await page.getByRole("checkbox", { name: `Select Back Button${stamp}` }).check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  const dialog = page.getByRole("dialog", { name: "Send Flow to Contact" });
  await dialog.getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Welcome Flow/ }).click();
  await dialog.getByRole("button", { name: /^When/ }).click();
  await dialog.getByText("At a time", { exact: true }).click();
  await page.goBack();
  await question(page).getByRole("button", { name: "Keep editing" }).click();
  await expect(dialog).toBeVisible();
  await page.goBack();
  await question(page).getByRole("button", { name: "Discard" }).click();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`q=Button${stamp}`));
});
