import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { type SupabaseAuthContract, startSupabaseAuthContract } from "../test/supabase/auth-contract.ts";

// The screens where people sign in at a Supabase project, with the real supabase-js in the page. The project is the
// contract fixture. test/supabase/live.test.ts asks a real project the same questions.

// The second and the third test go on where the one before has ended.
test.describe.configure({ mode: "serial", timeout: 180_000 });

let project: SupabaseAuthContract;
let claimLink: string;
let stop: () => Promise<void>;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  project = await startSupabaseAuthContract();
  project.confirmsByMail = true;
  const folder = mkdtempSync(join(tmpdir(), "sluice-supabase-"));
  const server = spawn(process.execPath, ["scripts/start.mjs", "--port", "0", "--data", folder], {
    env: { ...process.env, SUPABASE_URL: project.url, SUPABASE_PUBLISHABLE_KEY: project.publishableKey },
    stdio: ["ignore", "pipe", "inherit"],
  });
  stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGINT");
    await ended;
    await project.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  claimLink = await new Promise<string>((resolve, reject) => {
    let printed = "";
    server.stdout.on("data", (data) => {
      printed += data;
      const found = /http:\/\/\S+\/claim#\S+/.exec(printed);
      if (found) resolve(found[0]);
    });
    server.once("exit", (code) => reject(new Error(`The server ended with code ${code}: ${printed}`)));
  });
});
test.afterAll(() => stop());

const origin = () => new URL(claimLink).origin;
const lastMail = (to: string) => {
  const mail = project.mails.findLast((one) => one.to === to);
  if (!mail) throw new Error(`No mail was sent to ${to}.`);
  return mail.link;
};

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("an account is made, confirmed by mail, and claims the instance; flows are sent and progress streams; signing out ends it", async ({
  page,
}) => {
  const violations: string[] = [];
  page.on("console", (message) => message.text().includes("Content Security Policy") && violations.push(message.text()));

  await page.goto(claimLink);
  await page.getByRole("button", { name: "I have no account yet" }).click();
  await page.getByLabel("Your name").fill("Nora Newcomer");
  await page.getByLabel("E-mail").fill("nora@example.com");
  await page.getByLabel("Choose a password").fill("a long enough password");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("A mail was sent to nora@example.com")).toBeVisible();
  await signIn(page, "nora@example.com", "a long enough password");
  await expect(page.getByText("Confirm your e-mail address first")).toBeVisible();

  await page.goto(lastMail("nora@example.com"));
  await expect(page.getByRole("heading", { name: "Open the link from the console" })).toBeVisible();
  await page.goto(claimLink);
  await page.getByRole("button", { name: "Become the owner" }).click();
  await page.getByText("Load the demo workspace").first().click();
  await expect(page.getByRole("row", { name: /John Doe/ })).toBeVisible({ timeout: 60_000 });

  const streams: (string | undefined)[] = [];
  page.on("request", (request) => request.url().includes("/events") && streams.push(request.headers().authorization));
  await page
    .getByRole("row", { name: /John Doe/ })
    .getByRole("checkbox")
    .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await page.getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Welcome Flow/ }).click();
  const posted = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/api/sends"));
  await page.getByRole("dialog").getByRole("button", { name: "Send Flow" }).click();
  await expect(page.getByText("Flow sent successfully")).toBeVisible();
  await page.goto(`${origin()}/sends/${(await posted).postDataJSON().sendId}`);
  await expect.poll(() => streams.length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(streams.every((header) => header?.startsWith("Bearer ey"))).toBe(true);

  await page.goto(`${origin()}/contacts`);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  expect((await saved).suggestedFilename()).toBe("contacts.csv");

  await page.reload();
  await expect(page.getByRole("row", { name: /John Doe/ })).toBeVisible();
  const stolen = await page.evaluate(() =>
    JSON.parse(Object.entries(localStorage).find(([key]) => key.endsWith("-auth-token"))?.[1] ?? "{}"),
  );
  const ask = () => fetch(`${origin()}/api/contacts`, { headers: { Authorization: `Bearer ${stolen.access_token}` } });
  expect((await ask()).status).toBe(200);
  await page.getByRole("button", { name: /Nora Newcomer/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  // This is looked for only after the tab was loaded anew, because before that the page of the contacts may have a
  // field called "E-mail" too.
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect((await ask()).status).toBe(401);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith("-auth-token")))).toEqual([]);
  expect(violations).toEqual([]);
});

test("who forgot the password gets a link that works once, in this browser, and a wrong password is refused", async ({ page, browser }) => {
  await page.goto(`${origin()}/flows`);
  await signIn(page, "nora@example.com", "not the password at all");
  await expect(page.getByText("The e-mail address or the password is wrong.")).toBeVisible();
  await page.getByRole("button", { name: "I forgot my password" }).click();
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("a mail with a link is on its way")).toBeVisible();
  const link = lastMail("nora@example.com");

  await page.goto(link);
  await page.getByLabel("New password").fill("another long password");
  await page.getByRole("button", { name: "Save and go on" }).click();
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();

  const elsewhere = await browser.newPage();
  await elsewhere.goto(`${origin()}/reset-password?code=0198f5a0-0000-4000-8000-0000000000f4`);
  await expect(elsewhere.getByRole("heading", { name: "This link does not work here" })).toBeVisible();
  await elsewhere.goto(`${origin()}/contacts`);
  await signIn(elsewhere, "nora@example.com", "another long password");
  await expect(elsewhere.getByRole("heading", { name: "Contacts" })).toBeVisible();
  await elsewhere.close();
});

test("an invited address makes its account and joins; an account without an invitation gets no further", async ({ page }) => {
  const owner = project.addAccount("owner.two@example.com", "a long enough password");
  await page.goto(`${origin()}/sign-in`);
  await signIn(page, owner.email, "a long enough password");
  await expect(page.getByRole("heading", { name: "You have not been invited yet" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();

  await signIn(page, "nora@example.com", "another long password");
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
  const nora = await page.evaluate(() =>
    JSON.parse(Object.entries(localStorage).find(([key]) => key.endsWith("-auth-token"))?.[1] ?? "{}"),
  );
  const response = await fetch(`${origin()}/api/invitations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${nora.access_token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ email: "gus@example.com", role: "viewer" }),
  });
  const { link } = (await response.json()) as { link: string };

  await page.goto(link);
  await page.getByRole("button", { name: "Sign out and join as gus@example.com" }).click();
  await page.getByLabel("Your name").fill("Gus Guest");
  await page.getByLabel("Choose a password").fill("a password for gus");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("A mail was sent to gus@example.com")).toBeVisible();
  await page.goto(lastMail("gus@example.com"));
  await expect(page.getByRole("heading", { name: "You have not been invited yet" })).toBeVisible();
  await page.goto(link);
  await page.getByRole("button", { name: /^Join / }).click();
  await expect(page.getByRole("heading", { name: "Contacts" })).toBeVisible();
});
