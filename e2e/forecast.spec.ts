import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { openContacts, product } from "./product.ts";

// What will happen is told before the press, and a person who sends to one contact sees nothing of it.

// The three people of the demo stay on the screen below those of other journeys.
test.use({ viewport: { width: 1280, height: 2400 } });
test.beforeEach(({ page }) => openContacts(page));

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

async function chooseFlow(page: Page, name: string): Promise<void> {
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: new RegExp(name) }).click();
}

test("two contacts: what would leave and when stands in one line, which opens into steps and hours, and the send is compared with it", async ({
  page,
}) => {
  for (const name of ["John Doe", "Jane Smith"])
    await page
      .getByRole("row", { name: new RegExp(name) })
      .getByRole("checkbox")
      .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await chooseFlow(page, "Welcome Flow");
  // The channels of this instance are in test mode.
  await expect(dialog(page).getByText(/would be kept/)).toBeVisible();
  await dialog(page).getByRole("button", { name: "Forecast", exact: true }).click();
  await expect(
    dialog(page)
      .getByText(/who come here/)
      .first(),
  ).toBeVisible();
  await takePictures(page, "forecast of two contacts");
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(page.getByText("Flow sent to 2 contacts", { exact: true })).toBeVisible();

  // Afterwards the send shows what was forecast beside what came.
  await page.goto(`${product().url}/sends`);
  await page
    .getByRole("row", { name: /Welcome Flow/ })
    .first()
    .click();
  await page.getByRole("tab", { name: "Forecast" }).click();
  const row = page.getByRole("table", { name: "Contacts by step" }).getByRole("row", { name: /Start/ });
  await expect(row.first()).toContainText("Started");
  await takePictures(page, "forecast and outcome of a send");
});

test("one contact: the dialog shows no forecast, and one press sends", async ({ page }) => {
  await page
    .getByRole("row", { name: /Jane Smith/ })
    .getByRole("button", { name: /Jane Smith/ })
    .click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await chooseFlow(page, "Appointment Reminder");
  await expect(dialog(page).getByText("This flow will be executed for 1 contact")).toBeVisible();
  await expect(dialog(page).getByRole("button", { name: "Forecast", exact: true })).toHaveCount(0);
  await takePictures(page, "send to one contact");
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(page.getByText("Flow sent to 1 contact", { exact: true })).toBeVisible();
});
