import { expect, type Page, test } from "@playwright/test";
import { call, openContacts, product } from "./product.ts";

// The acceptance list of the founding document, through the screens.

// The three people of the demo stay on the screen below those of other journeys.
test.use({ viewport: { width: 1280, height: 2400 } });
test.beforeEach(({ page }) => openContacts(page));

const tick = (page: Page, name: string) =>
  page
    .getByRole("row", { name: new RegExp(name) })
    .getByRole("checkbox")
    .check({ force: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

async function chooseFlow(page: Page, name: string): Promise<void> {
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: new RegExp(name) }).click();
}

test("three ticked contacts are sent a flow, seen in the Enrollment History and kept in Sent messages", async ({ page }) => {
  for (const name of ["John Doe", "Jane Smith", "Bob Wilson"]) await tick(page, name);
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();

  await expect(dialog(page)).toContainText("Selected Contacts (3):");
  for (const name of ["John Doe", "Jane Smith", "Bob Wilson"]) await expect(dialog(page)).toContainText(name);
  await expect(dialog(page).getByRole("button", { name: "Send Flow" })).toBeDisabled();
  await chooseFlow(page, "Welcome Flow");
  await expect(dialog(page)).toContainText("5 steps");
  await expect(dialog(page)).toContainText("This flow will be executed for 3 contacts");

  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/api/sends") && posts.push(request.url()));
  await dialog(page).getByRole("button", { name: "Send Flow" }).click();
  await expect(page.getByText("Flow sent successfully")).toBeVisible();
  await expect(page.getByText("Flow sent to 3 contacts")).toBeVisible();
  await expect(dialog(page)).toBeHidden();
  expect(posts).toHaveLength(1);

  await page.getByRole("button", { name: "View enrollment history" }).click();
  for (const name of ["John Doe", "Jane Smith", "Bob Wilson"]) {
    await expect(page.getByRole("row", { name: new RegExp(name) }).first()).toContainText("Contacts page");
  }
  await page
    .getByRole("row", { name: /John Doe/ })
    .first()
    .click();
  await expect(page.getByRole("dialog").getByText("Welcome SMS").first()).toBeVisible();

  await page.goto(`${product().url}/inbox?view=sent`);
  await page.getByText("John Doe").first().click();
  await expect(page.getByText(/never left this machine/i).first()).toBeVisible();
});

test("one contact is sent a flow from the menu of its row", async ({ page }) => {
  await page
    .getByRole("row", { name: /Jane Smith/ })
    .getByRole("button", { name: /Jane Smith/ })
    .click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await expect(page.getByRole("heading", { name: "Send Flow to Contact", exact: true })).toBeVisible();
  await chooseFlow(page, "Appointment Reminder");
  await dialog(page).getByRole("button", { name: "Send Flow" }).click();
  await expect(page.getByText("Flow sent to 1 contact", { exact: true })).toBeVisible();
});

test("all that match travel as a filter, and every one of them is accounted for", async ({ page }) => {
  const everybody = await call<{ total: number }>("/api/contacts/count");
  await page
    .getByRole("checkbox", { name: /select all|all contacts/i })
    .first()
    .check({ force: true });
  await page.getByRole("button", { name: /Select all [\d,]+ contacts/ }).click();
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  await chooseFlow(page, "Follow-up Sequence");
  const posted = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/sends"));
  await dialog(page).getByRole("button", { name: "Send Flow" }).click();
  expect((await posted).postDataJSON().selection.type).toBe("filter");
  await expect(page.getByText(`Flow sent to ${everybody.total.toLocaleString("en-US")} contacts`)).toBeVisible({ timeout: 30_000 });

  const { items } = await call<{ items: { total: number; enrolled: number; notEnrolled: number }[] }>("/api/sends?limit=1");
  expect(items[0]).toMatchObject({ total: everybody.total, enrolled: everybody.total, notEnrolled: 0 });
});

test("the dialog closes with Esc and X, not by a click outside, and gives the focus back", async ({ page }) => {
  const menu = page.getByRole("row", { name: /Bob Wilson/ }).getByRole("button", { name: /Bob Wilson/ });
  await menu.click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await expect(dialog(page)).toBeVisible();
  await page.mouse.click(5, 400);
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
});

test("a search narrows the table and stays in the address", async ({ page }) => {
  await page.getByPlaceholder("Search name, e-mail or phone").fill("jane.smith@");
  await expect(page.getByRole("row", { name: /Jane Smith/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /John Doe/ })).toBeHidden();
  await expect(page).toHaveURL(/q=jane/);
  await page.reload();
  await expect(page.getByRole("row", { name: /Jane Smith/ })).toBeVisible();
});
