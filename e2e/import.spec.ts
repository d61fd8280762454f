import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { call, openContacts, product } from "./product.ts";

// What an import may do to people: nobody is merged, no refusal is lost, and no name is misspelt.

test.beforeEach(({ page }) => openContacts(page));

const dialog = (page: Page) => page.getByRole("dialog", { name: /^Import (contacts|finished)$/ });
const importButton = (page: Page) => dialog(page).getByRole("button", { name: "Import contacts", exact: true });

async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await dialog(page)
    .getByLabel("Drop a CSV or Excel file here")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content as string) });
  await expect(importButton(page)).toBeVisible();
}

/** The figures of the result by their labels: { Added: "2", … }. */
async function figures(page: Page): Promise<Record<string, string>> {
  await expect(page.getByRole("dialog", { name: "Import finished" })).toBeVisible({ timeout: 60_000 });
  const list = dialog(page).locator("dl").first();
  const [labels, counts] = await Promise.all([list.locator("dt").allTextContents(), list.locator("dd").allTextContents()]);
  return Object.fromEntries(labels.map((label, index) => [label, counts[index] ?? ""]));
}

const search = async (text: string) => {
  const filter = encodeURIComponent(JSON.stringify({ search: text, tests: [] }));
  return (await call<{ items: Found[] }>(`/api/contacts?filter=${filter}`)).items;
};
interface Found {
  displayName: string;
  email: string | null;
  leadStatus: string | null;
  dnc: boolean;
  emailOptedOutAt: string | null;
}

test("two people who share a phone stay two; the result says added, updated and kept apart, and is undone as one step", async ({
  page,
}) => {
  await call("/api/contacts", { firstname: "Cleo", lastname: "Household", email: "cleo.household@example.com", leadStatus: "Cold" });
  const rows = [
    "First Name,Last Name,Email,Phone,Lead status",
    "Ann,Household,ann.household@example.com,+12025550147,New",
    "Ben,Household,ben.household@example.com,+12025550147,New",
    "Cleo,Household,cleo.household@example.com,,Hot",
  ];
  await choose(page, "household.csv", rows.join("\n"));
  await takePictures(page, "import 1 mapping");
  await importButton(page).click();
  expect(await figures(page)).toEqual({ Added: "2", Updated: "1", "Kept apart": "1", "Values replaced": "1", Refused: "0" });
  await expect(dialog(page).getByText(/^Kept apart from Ann Household: the number is the same/)).toBeVisible();
  await expect(dialog(page).getByText("Lead status: “Cold” was replaced by “Hot”.")).toBeVisible();
  await takePictures(page, "import 2 result");
  expect((await search("household")).map(({ displayName, leadStatus }) => [displayName, leadStatus]).sort()).toEqual([
    ["Ann Household", "New"],
    ["Ben Household", "New"],
    ["Cleo Household", "Hot"],
  ]);

  await dialog(page).getByRole("button", { name: "Undo this import" }).click();
  await takePictures(page, "import 3 undo asks");
  await dialog(page).getByRole("button", { name: "Undo the import" }).click();
  await expect(dialog(page).getByText("2 contacts deleted, 1 contact put back.")).toBeVisible();
  await takePictures(page, "import 4 undone");
  expect((await search("household")).map(({ displayName, leadStatus }) => [displayName, leadStatus])).toEqual([["Cleo Household", "Cold"]]);
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(dialog(page).getByText("household.csv")).toBeVisible();
  await takePictures(page, "import 5 earlier imports");
});

test("who refused is not written to: what is known is taken, and what is not known is asked before the import begins", async ({ page }) => {
  const rows = ["Name,Email,DND,Status", "Dora Refuser,dora@example.com,true,Subscribed", "Emil Leaver,emil@example.com,,Unsubscribed"];
  await choose(page, "refusals.csv", rows.join("\n"));
  await expect(dialog(page).getByText("Does this file say who does not want messages?")).toBeVisible();
  await expect(importButton(page)).toBeDisabled();
  await takePictures(page, "consent import 1 asks");
  await dialog(page).getByRole("combobox", { name: "Status", exact: true }).selectOption({ label: "E-mail opted out" });
  await expect(importButton(page)).toBeEnabled();
  await takePictures(page, "consent import 2 answered");
  await importButton(page).click();
  await figures(page);
  const [dora] = await search("dora@example.com");
  const [emil] = await search("emil@example.com");
  expect([dora?.dnc, dora?.emailOptedOutAt, emil?.dnc]).toEqual([true, null, false]);
  expect(emil?.emailOptedOutAt).not.toBeNull();
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Dora Refuser/ })).toContainText("Do not contact");
  await expect(page.getByRole("row", { name: /Emil Leaver/ })).toContainText("No e-mail");
  await takePictures(page, "consent import 3 contacts");
});

test("all contacts exported and imported again: nothing is added and nothing changes", async ({ page }) => {
  test.setTimeout(180_000);
  const exported = async () => {
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export" }).click();
    return readFileSync(await (await saved).path(), "utf8");
  };
  const before = await exported();
  await choose(page, "contacts.csv", before);
  await importButton(page).click();
  const { total } = await call<{ total: number }>("/api/contacts/count");
  const count = total.toLocaleString("en-US");
  expect(await figures(page)).toEqual({ Added: "0", Updated: count, "Kept apart": "0", "Values replaced": "0", Refused: "0" });
  await takePictures(page, "export and import");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  expect((await exported()) === before, "the export is the same, down to the moments of the last change").toBe(true);
});

test("a Windows file is read by its own letters, which a person sees and may choose otherwise", async ({ page }) => {
  const latin = Buffer.from("Prénom;Nom;E-mail\r\nZoë;Lefèvre;zoe@example.com\r\nJosé;Muñoz;jose@example.com\r\n", "latin1");
  await choose(page, "clients.csv", latin);
  const letters = dialog(page).getByRole("combobox", { name: "Text encoding" });
  await expect(letters).toHaveValue("windows-1252");
  await expect(dialog(page).getByText("Prénom · Zoë · Lefèvre · José · Muñoz")).toBeVisible();
  await takePictures(page, "encoding 1 recognised");
  await letters.selectOption({ label: "Unicode (UTF-8)" });
  await expect(dialog(page).getByText("Some letters cannot be read this way")).toBeVisible();
  await takePictures(page, "encoding 2 chosen wrongly");
  await letters.selectOption({ label: "Western European (Windows-1252)" });
  await dialog(page).getByRole("combobox", { name: "What “Nom” becomes" }).selectOption({ label: "Last name" });
  await importButton(page).click();
  expect(await figures(page)).toMatchObject({ Added: "2", Refused: "0" });
  expect((await search("zoe@example.com")).map(({ displayName }) => displayName)).toEqual(["Zoë Lefèvre"]);
});

test("a file that names its own separator is read by it", async ({ page }) => {
  await choose(page, "outlook.csv", 'sep=;\r\n\r\nName;E-mail;Company\r\n"Fay; Junior";fay@example.com;Fay, Sons & Co\r\n');
  await expect(dialog(page).getByRole("combobox", { name: "What “Name” becomes" })).toHaveValue("name");
  await expect(dialog(page).getByTitle("Fay, Sons & Co")).toBeVisible();
  await takePictures(page, "separator");
  await importButton(page).click();
  expect(await figures(page)).toMatchObject({ Added: "1", Refused: "0" });
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await page.goto(`${product().url}/contacts?q=fay@example.com`);
  await expect(page.getByRole("row", { name: "Fay; Junior" })).toBeVisible();
});
