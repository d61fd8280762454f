import { expect, type Page, test } from "@playwright/test";
import { call, openContacts, product } from "./product.ts";

// A send to people of whom some can receive nothing: told before the press, told afterwards, and found in the history.

test.beforeEach(({ page }) => openContacts(page));

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

/** Three people of this name: one who can be written to, one without any address, and one who opted out of everything. */
async function addPeople(lastname: string): Promise<void> {
  await call("/api/contacts", {
    firstname: "Reachable",
    lastname,
    phoneNumber: "+436641234561",
    email: "reachable@example.com",
    evenIfTwin: true,
  });
  await call("/api/contacts", { firstname: "Without", lastname, evenIfTwin: true });
  await call("/api/contacts", { firstname: "Refusing", lastname, phoneNumber: "+436641234562", dnc: true, evenIfTwin: true });
}

test("how many can receive nothing is said before the press, after it, and each of them is in the history", async ({ page }) => {
  const lastname = "Unreachable";
  await addPeople(lastname);
  await page.getByPlaceholder("Search name, e-mail or phone").fill(lastname);
  for (const name of ["Reachable", "Without", "Refusing"]) {
    await page
      .getByRole("row", { name: new RegExp(`${name} ${lastname}`) })
      .getByRole("checkbox")
      .check({ force: true });
  }
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Welcome Flow/ }).click();

  await expect(dialog(page).getByText("2 of 3 can receive nothing")).toBeVisible();
  await expect(dialog(page).getByText(/in test mode: nothing leaves/)).toBeVisible();
  await dialog(page).getByRole("button", { name: "Reasons" }).click();
  await expect(
    dialog(page)
      .getByText(/Marked do-not-contact: 1/)
      .first(),
  ).toBeVisible();
  await expect(dialog(page).getByText(/No phone number: 1/)).toBeVisible();

  await dialog(page).getByRole("button", { name: "Send Flow" }).click();
  await expect(page.getByText(/Flow sent to 3 contacts. 2 of them can receive nothing/)).toBeVisible();
  await expect(dialog(page)).toBeHidden();

  // The demo's flow waits between its messages, so what came of the first one is read while the send goes on.
  const { items } = await call<{ items: { id: string }[] }>("/api/sends?limit=1");
  await page.goto(`${product().url}/sends/${items[0]?.id}`);
  const messages = page.getByRole("region", { name: "Messages of this send" });
  await messages.getByRole("button", { name: "No phone number (1)" }).click();
  await expect(page.getByRole("row", { name: new RegExp(`Without ${lastname}`) })).toBeVisible();
  await expect(page.getByRole("row", { name: new RegExp(`Reachable ${lastname}`) })).toBeHidden();
  await page.getByRole("row", { name: new RegExp(`Without ${lastname}`) }).click();
  await expect(page.getByRole("dialog").getByText("No phone number").first()).toBeVisible();
});
