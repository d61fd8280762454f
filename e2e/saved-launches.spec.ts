import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What is sent again and again is saved under a name, and each run means who matches then.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

test("a launch is saved from the dialog, run again for one more contact than the first time, and tells its last results", async ({
  page,
}) => {
  test.slow();
  await beginSession(page);
  const mark = `Again${Date.now()}`;
  const add = (firstname: string, number: number) =>
    call("/api/contacts", {
      firstname,
      lastname: mark,
      phoneNumber: `+1202555${String(1000 + ((Date.now() + number) % 8999)).padStart(4, "0")}`,
      evenIfTwin: true,
    });
  await add("Ada", 1);
  await add("Bea", 2);
  const openForAll = async () => {
    await page.goto(`${product().url}/contacts?q=${mark}`);
    await expect(page.getByRole("row", { name: new RegExp(mark) }).first()).toBeVisible();
    await page
      .getByRole("checkbox", { name: /select all|all contacts/i })
      .first()
      .check({ force: true });
    await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  };
  await openForAll();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Appointment Reminder/ }).click();
  await dialog(page).getByRole("button", { name: "Save for next time…" }).click();
  const naming = page.getByRole("dialog", { name: "Save for next time" });
  await naming.getByLabel("Name").fill(`Offer ${mark}`);
  await naming.getByText("Share it with everybody in this workspace who may send").click();
  await takePictures(page, "save a launch");
  await naming.getByRole("button", { name: "Save", exact: true }).click();
  await expect(naming).toHaveCount(0);
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);

  await add("Cleo", 3);
  await openForAll();
  await dialog(page)
    .getByRole("button", { name: /^Saved launches/ })
    .click();
  await takePictures(page, "saved launches");
  await dialog(page)
    .getByRole("button", { name: `Use Offer ${mark}` })
    .click();
  await expect(dialog(page).getByText("3 contacts match it now.")).toBeVisible();
  await takePictures(page, "filled from a saved launch");
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(dialog(page)).toHaveCount(0);

  await openForAll();
  await dialog(page)
    .getByRole("button", { name: /^Saved launches/ })
    .click();
  const mine = dialog(page)
    .getByRole("listitem")
    .filter({ hasText: `Offer ${mark}` });
  await expect(mine).toContainText("3 of 3 contacts");
  await mine.getByRole("button", { name: `Delete Offer ${mark}` }).click();
  await page.getByRole("button", { name: "Delete saved launch" }).click();
  await expect(dialog(page).getByText(`Offer ${mark}`)).toHaveCount(0);
});
