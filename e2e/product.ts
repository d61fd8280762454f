import { expect, type Page } from "@playwright/test";
import type { Product } from "./start-server.ts";

/** The product of this worker: each has its own. */
export function product(): Product {
  const products = process.env.SLUICE_PRODUCTS;
  if (!products) throw new Error("The server was not started: run these through playwright.config.ts.");
  return JSON.parse(products)[Number(process.env.TEST_PARALLEL_INDEX)] as Product;
}

/** Signs in through the sign-in page, as a person does. */
export async function signIn(page: Page): Promise<void> {
  const { url, ownerEmail, ownerPassword } = product();
  await page.goto(`${url}/contacts`);
  await page.getByLabel("E-mail").fill(ownerEmail);
  await page.getByLabel("Password", { exact: true }).fill(ownerPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
}

/** Signs in by a request. Most tests need a session, and only a few are about signing in. */
export async function beginSession(page: Page): Promise<void> {
  const { url, ownerEmail, ownerPassword } = product();
  const answer = await page.request.post(`${url}/api/session`, { data: { email: ownerEmail, password: ownerPassword } });
  expect(answer.ok(), `signing in answered ${answer.status()}`).toBe(true);
}

/**
 * Opens the contacts page. Only rows on the screen are drawn, and the contacts that other journeys have made push those
 * of the demo out of it: a search or a tall window keeps them there.
 */
export async function openContacts(page: Page, search = ""): Promise<void> {
  await beginSession(page);
  await page.goto(`${product().url}/contacts${search && `?q=${encodeURIComponent(search)}`}`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
}

/** Calls the API as a script would, with the key of the ready file. */
export async function call<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<T> {
  const { url, apiKey } = product();
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${apiKey}`, ...(body !== undefined && { "Content-Type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  expect(response.ok, `${path} answered ${response.status}`).toBe(true);
  return (await response.json()) as T;
}
