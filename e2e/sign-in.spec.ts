import { expect, test } from "@playwright/test";
import { product, signIn } from "./product.ts";

test("a stranger is led to the sign-in page, is refused with a wrong password, and comes back to where they wanted to go", async ({
  page,
}) => {
  const { url, ownerEmail } = product();
  await page.goto(`${url}/flows`);
  await page.getByLabel("E-mail").fill(ownerEmail);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(product().ownerPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
});

test("whoever signs out has to sign in again", async ({ page }) => {
  await signIn(page);
  await page.getByRole("button", { name: /Demo Owner/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(`${product().url}/contacts`);
  await expect(page.getByLabel("E-mail")).toBeVisible();
});
