import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Who not, and only if: what a send leaves out of those who were chosen is told before the press and after it.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

test("of three contacts one got a message lately and one does not meet the condition: one gets the flow, and each reason is told", async ({
  page,
}) => {
  await beginSession(page);
  const mark = `Whonot${Date.now()}`;
  const add = async (firstname: string, leadStatus: string, number: number) => {
    const phoneNumber = `+1202555${String(1000 + ((Date.now() + number) % 8999)).padStart(4, "0")}`;
    const made = await call<{ id: string }>("/api/contacts", { firstname, lastname: mark, leadStatus, phoneNumber, evenIfTwin: true });
    return made.id;
  };
  const [written] = [await add("Ada", "New", 1), await add("Bea", "New", 2), await add("Cleo", "Customer", 3)];
  const { items } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  const welcome = items.find(({ name }) => name === "Welcome Flow")?.id;
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId: welcome, selection: { type: "ids", ids: [written] } });
  await expect
    .poll(async () => (await call<{ messageCounts: unknown[] }>(`/api/sends/${send.id}`)).messageCounts.length, { timeout: 30_000 })
    .toBeGreaterThan(0);

  await page.goto(`${product().url}/contacts?q=${mark}`);
  for (const name of ["Ada", "Bea", "Cleo"])
    await page
      .getByRole("row", { name: new RegExp(`${name} ${mark}`) })
      .getByRole("checkbox")
      .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Appointment Reminder/ }).click();

  const fold = dialog(page).getByRole("button", { name: /^Who not/ });
  await expect(fold).toContainText("Everybody chosen gets it");
  await fold.click();
  await dialog(page).getByText("Who got a message", { exact: true }).click();
  await expect(dialog(page).getByText("leaves out 1", { exact: true })).toBeVisible();
  await dialog(page).getByText("Send only to who meets a condition", { exact: true }).click();
  const condition = dialog(page).getByRole("group", { name: "the condition" });
  await expect(dialog(page).getByRole("button", { name: "Send Flow", exact: true })).toBeDisabled();
  await condition.getByRole("combobox", { name: "Value" }).selectOption("New");
  await expect(dialog(page).getByText("leaves out 1", { exact: true })).toHaveCount(2);
  await takePictures(page, "who not and only if");
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();

  const left = dialog(page).getByRole("group", { name: "Contacts left out" });
  await expect(left.getByRole("listitem")).toHaveCount(2);
  await expect(left.getByRole("listitem").filter({ hasText: "Ada" })).toContainText("Got a message recently");
  await expect(left.getByRole("listitem").filter({ hasText: "Cleo" })).toContainText("Does not meet the condition of the send");
});
