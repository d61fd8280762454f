import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What the chosen contacts get in the next days anyway: shown by day and flow, and answered by one press.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });
const position = { x: 0, y: 0 };

test("of two contacts one gets another message tomorrow: the days show it, and one press leaves them out or begins afterwards", async ({
  page,
}) => {
  await beginSession(page);
  const mark = `Busy${Date.now()}`;
  const add = async (firstname: string) =>
    (await call<{ id: string }>("/api/contacts", { firstname, lastname: mark, email: `${firstname}.${mark}@example.com`.toLowerCase() }))
      .id;
  const [ada] = [await add("Ada"), await add("Bea")];
  const nodes = [
    { id: "start", type: "start", position, data: {} },
    { id: "wait", type: "delay", position, data: { config: { mode: "duration", amount: 1, unit: "days" } } },
    { id: "mail", type: "send_email", position, data: { config: { subject: "Hi", text: "Hello" } } },
  ];
  const edges = nodes.slice(1).map(({ id }, index) => ({ id, source: nodes[index]?.id, target: id }));
  const other = await call<{ id: string }>("/api/flows", { name: `Busy flow ${mark}`, nodes, edges });
  await call("/api/sends", { flowId: other.id, selection: { type: "ids", ids: [ada] } });

  await page.goto(`${product().url}/contacts?q=${mark}`);
  for (const name of ["Ada", "Bea"])
    await page
      .getByRole("row", { name: new RegExp(`${name} ${mark}`) })
      .getByRole("checkbox")
      .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Appointment Reminder/ }).click();

  const fold = dialog(page).getByRole("button", { name: /^Next 7 days/ });
  await expect(fold).toContainText("1 contact gets 1 other message");
  await fold.click();
  const table = dialog(page).getByRole("table", { name: "Messages by day and flow" });
  await expect(table).toContainText(`Busy flow ${mark}`);
  await expect(table.getByRole("cell").nth(1)).toHaveText("1");
  await takePictures(page, "collisions");
  expect(await findings(page)).toEqual([]);

  await dialog(page).getByRole("button", { name: "Leave out who gets something" }).click();
  await expect(dialog(page).getByRole("button", { name: /^Who not/ })).toContainText("Not 1 contact taken out by hand");
  await dialog(page)
    .getByRole("button", { name: /^Start after that/ })
    .click();
  await expect(dialog(page).getByRole("button", { name: "Schedule Flow" })).toBeEnabled();
  await takePictures(page, "collisions answered");
  await dialog(page).getByRole("button", { name: "Schedule Flow" }).click();
  const left = dialog(page).getByRole("group", { name: "Contacts left out" });
  await expect(left.getByRole("listitem")).toHaveCount(1);
  await expect(left.getByRole("listitem")).toContainText("Left out by hand");
});
