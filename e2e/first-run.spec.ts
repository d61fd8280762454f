import { expect, type Page, test } from "@playwright/test";
import { startUnclaimed } from "./unclaimed-server.ts";

const firstSteps = (page: Page) => page.getByRole("region", { name: "First steps" });
const nameField = (page: Page) => page.getByRole("dialog", { name: "Rename flow" }).getByLabel("Name");
const publishDraft = async (page: Page, step: string) => {
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toContainText(step);
  await page.getByRole("button", { name: "Publish…", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Publish" });
  await dialog.getByRole("button", { name: /^Publish/ }).click();
  await expect(page.getByText("Version 1 is live").first()).toBeVisible();
};

test("a newcomer who starts empty settles the first steps, makes a flow of a template, sends it and finds the message by name", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const { link, stop } = await startUnclaimed();
  try {
    await page.goto(link);
    await page.getByLabel("Your name").fill("Nora Newcomer");
    await page.getByLabel("E-mail").fill("nora@example.com");
    await page.getByLabel("Password", { exact: true }).fill("a long enough password");
    await page.getByRole("button", { name: "Create owner account" }).click();
    await page.getByText("Start empty").click();
    await page.getByLabel("Country").selectOption({ label: "Austria" });
    await page.getByLabel("Time zone").selectOption("Europe/Vienna");
    await page.getByRole("button", { name: "Open workspace" }).click();

    await expect(firstSteps(page)).toContainText("2 of 5 done");
    await expect(firstSteps(page).getByRole("listitem").nth(0)).toContainText("Country (done)");
    await expect(firstSteps(page).getByRole("listitem").nth(2)).toContainText("A channel that really sends (to do)");

    await page.getByRole("link", { name: "Flows" }).first().click();
    // The empty page shows the templates; the first of them is a draft in the builder with one click.
    await expect(page.getByRole("application", { name: "Drawing of Welcome" })).toContainText("Welcome SMS");
    await page.getByRole("button", { name: "Use this template" }).click();
    await publishDraft(page, "Welcome e-mail");
    await page.getByRole("link", { name: "Flows" }).first().click();
    await expect(page.getByRole("row", { name: "Welcome", exact: true })).toBeVisible();
    await page.getByRole("button", { name: "New flow", exact: true }).click();
    await page.getByRole("menuitem", { name: "From a template…" }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Appointment reminder/ })
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Use this template" }).click();
    await publishDraft(page, "Reminder SMS");
    await page.getByRole("link", { name: "Flows" }).first().click();
    await expect(page.getByRole("row", { name: "Appointment reminder" })).toBeVisible();

    await page.getByRole("button", { name: "Actions for Welcome", exact: true }).click();
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await expect(page.getByRole("row", { name: "Welcome copy" })).toBeVisible();
    await page.getByRole("button", { name: "Actions for Welcome", exact: true }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await nameField(page).fill("appointment REMINDER");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByRole("dialog")).toContainText("Another flow is called");
    await nameField(page).fill("Hello from Vienna");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByRole("row", { name: "Hello from Vienna" })).toBeVisible();

    await page.getByRole("link", { name: "Contacts" }).first().click();
    await firstSteps(page)
      .getByRole("link", { name: /Add contact/ })
      .click();
    await page.getByLabel("First name").fill("José");
    await page.getByLabel("Last name").fill("Núñez");
    await page.getByRole("textbox", { name: "E-mail" }).fill("jose@example.com");
    await page.getByRole("textbox", { name: "Phone" }).fill("0664 1234561");
    await page.getByRole("button", { name: "Add contact" }).last().click();
    await expect(firstSteps(page)).toContainText("3 of 5 done");

    await page.getByRole("button", { name: "Send Flow" }).first().click();
    const dialog = page.getByRole("dialog", { name: /Send Flow to Contact/ });
    await dialog.getByPlaceholder("Choose a flow to send").click();
    await page.getByRole("option", { name: /Hello from Vienna/ }).click();
    await dialog.getByRole("button", { name: "Send Flow" }).click();
    await expect(dialog).toBeHidden();

    await page.goto(new URL("/inbox?q=jose%20nunez", page.url()).href);
    await expect(page.getByRole("searchbox", { name: "Search messages" })).toHaveValue("jose nunez");
    const found = page.getByRole("list", { name: "Messages" }).getByRole("listitem").first();
    await expect(found).toContainText("José Núñez", { timeout: 40_000 });
    for (const search of ["0664/1234561", "welcome to my work"]) {
      await page.getByRole("searchbox", { name: "Search messages" }).fill(search);
      await expect(page).toHaveURL(new RegExp(`q=${encodeURIComponent(search).replaceAll("%20", "(%20|\\+)")}`));
      await expect(found).toContainText("José Núñez");
    }
    await page.getByRole("searchbox", { name: "Search messages" }).fill("quixotic");
    await expect(page.getByText("No message matches")).toBeVisible();

    await page.getByRole("link", { name: "Contacts" }).first().click();
    await page.getByRole("button", { name: "Hide the first steps" }).click();
    await expect(firstSteps(page)).toBeHidden();
    await page.reload();
    await expect(page.getByRole("row", { name: /José Núñez/ })).toBeVisible();
    await expect(firstSteps(page)).toBeHidden();
  } finally {
    await stop();
  }
});
