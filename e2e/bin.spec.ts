import { expect, type Page, test } from "@playwright/test";
import { beginSession, call, product } from "./product.ts";

const stamp = Date.now();
const addContact = (firstname: string, lastname: string) =>
  call<{ id: string }>("/api/contacts", {
    firstname,
    lastname,
    email: `${firstname}.${lastname}.${stamp}@example.com`.toLowerCase(),
    evenIfTwin: true,
  });

async function openSearch(page: Page, text: string): Promise<void> {
  await beginSession(page);
  await page.goto(`${product().url}/contacts?q=${encodeURIComponent(text)}`);
}

test("three contacts are deleted and come back with one press of Undo", async ({ page }) => {
  const family = `Undone${stamp}`;
  for (const name of ["Ann", "Bob", "Cy"]) await addContact(name, family);
  await openSearch(page, family);
  for (const name of ["Ann", "Bob", "Cy"]) await page.getByRole("checkbox", { name: `Select ${name} ${family}` }).check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete 3 contacts" }).click();
  await expect(page.getByText("Deleted 3 contacts")).toBeVisible();
  await expect(page.getByText("No contact matches")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Restored 3 contacts")).toBeVisible();
  await expect(page.getByRole("row", { name: `Ann ${family}` })).toBeVisible();
});

test("a deleted contact is found in the bin and restored from there", async ({ page }) => {
  const family = `Binned${stamp}`;
  const { id } = await addContact("Dora", family);
  await call(`/api/contacts/${id}`, undefined, "DELETE");
  await openSearch(page, family);
  await expect(page.getByText("No contact matches")).toBeVisible();
  await page.getByRole("link", { name: "Bin" }).click();
  await expect(page.getByRole("heading", { name: "Bin" })).toBeVisible();
  await page.getByLabel("Search name, e-mail or phone").fill(family);
  await expect(page.getByRole("row", { name: `Dora ${family}` })).toContainText("in 30 days");
  await page.getByRole("button", { name: `Actions for Dora ${family}` }).click();
  await page.getByRole("menuitem", { name: "Restore" }).click();
  await expect(page.getByText(`Dora ${family} is restored`)).toBeVisible();
  await expect(page.getByText("No results")).toBeVisible();
  await page.goto(`${product().url}/contacts?contact=${id}`);
  await expect(page.getByRole("heading", { name: `Dora ${family}` })).toBeVisible();
});

test("a lead status is added to the list and chosen for a contact", async ({ page }) => {
  const status = `Warm ${stamp}`;
  const { id } = await addContact("Eve", `Status${stamp}`);
  await beginSession(page);
  await page.goto(`${product().url}/settings/lead-statuses`);
  await page.getByRole("button", { name: "Add status" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(status);
  await dialog.getByLabel("Colour").selectOption("orange");
  await dialog.getByRole("button", { name: "Add status" }).click();
  await expect(page.getByText(`${status} was added`)).toBeVisible();
  await page.getByRole("button", { name: `Move ${status} up` }).press("Enter");

  await page.goto(`${product().url}/contacts?contact=${id}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const field = page.getByLabel("Lead status");
  await expect(page.locator(`datalist option[value="${status}"]`)).toBeAttached();
  await field.fill(status.toUpperCase());
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`Eve Status${stamp} was saved`)).toBeVisible();
  const { leadStatus } = await call<{ leadStatus: string }>(`/api/contacts/${id}`);
  expect(leadStatus).toBe(status);
});
