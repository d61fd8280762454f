import { expect, type Page, test } from "@playwright/test";
import { Client } from "pg";
import { beginSession, call, product } from "./product.ts";

// Many contacts at once: the typed number before a deletion, progress at the foot of the page, the way back, the results.

const many = 150;
let name: string;

test.beforeEach(async ({ page }, { title }) => {
  name = `bulk${title.replaceAll(/\W/g, "").slice(0, 12)}`.toLowerCase();
  await importContacts(name, many);
  await beginSession(page);
  await page.goto(`${product().url}/contacts?q=${name}`);
  await expect(page.getByRole("row", { name: new RegExp(name) }).first()).toBeVisible();
});

// Other journeys look for their contacts at the top of the list.
test.afterEach(async () => {
  const selection = { type: "filter", filter: { search: name, tests: [] }, excluded: [] };
  const confirm = await found();
  if (confirm > 0) await call("/api/contacts/bulk", { selection, action: { type: "delete" }, confirm });
});

async function importContacts(lastname: string, count: number): Promise<void> {
  const { url, apiKey } = product();
  const rows = Array.from({ length: count }, (_, n) => `Nr${n},${lastname},New,${lastname}.${n}@example.com`.toLowerCase());
  const form = new FormData();
  const columns = ["firstname", "lastname", "leadstatus", "email"].map((header) => ({
    header,
    target: header === "leadstatus" ? "lead_status" : header,
  }));
  form.set("settings", JSON.stringify({ importId: crypto.randomUUID(), columns }));
  form.set("file", new Blob([["firstname,lastname,leadstatus,email", ...rows].join("\n")]), "bulk.csv");
  const answer = await fetch(`${url}/api/contacts/import`, { method: "POST", headers: { Authorization: `Bearer ${apiKey}` }, body: form });
  expect(answer.ok, `the import answered ${answer.status}: ${await answer.text()}`).toBe(true);
}

const found = async () => {
  const filter = JSON.stringify({ search: name, tests: [] });
  return (await call<{ total: number }>(`/api/contacts/count?filter=${encodeURIComponent(filter)}`)).total;
};

/** Locks every contact, so that a change of them all stands still and is seen however fast the machine is. */
async function holdContacts(): Promise<() => Promise<void>> {
  const { databaseUrl, workspaceId } = product();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("begin");
  await client.query("select from contacts where workspace_id = $1 for update", [workspaceId]);
  return () => client.end();
}

async function selectAllThatMatch(page: Page): Promise<void> {
  await page
    .getByRole("checkbox", { name: /select all|all contacts/i })
    .first()
    .check({ force: true });
  await page.getByRole("button", { name: `Select all ${many} contacts that match` }).click();
}

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("a deletion of 150 needs the typed number, is told when it is done, and is taken back by one press", async ({ page }) => {
  await selectAllThatMatch(page);
  await choose(page, "Delete");
  const dialog = page.getByRole("alertdialog");
  const press = dialog.getByRole("button", { name: `Delete ${many} contacts` });
  await expect(press).toBeDisabled();
  await dialog.getByLabel(`Type ${many} to delete them`).fill("15");
  await expect(press).toBeDisabled();
  await dialog.getByLabel(`Type ${many} to delete them`).fill(String(many));
  await press.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`Deleted ${many} contacts`)).toBeVisible();
  await expect.poll(found).toBe(0);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);

  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText(`Restored ${many} contacts`)).toBeVisible();
  await expect.poll(found).toBe(many);
  await expect(page.getByRole("row", { name: new RegExp(name) }).first()).toBeVisible();
});

test("the API refuses a deletion of 150 without the number", async () => {
  const { url, apiKey } = product();
  const selection = { type: "filter", filter: { search: name, tests: [] } };
  const answer = await fetch(`${url}/api/bulk-jobs`, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
    body: JSON.stringify({ jobId: crypto.randomUUID(), selection, action: { type: "delete" } }),
  });
  expect([answer.status, (await answer.json()).code]).toEqual([422, "confirmation_needed"]);
  expect(await found()).toBe(many);
});

test("a changed status is undone from its details, and stands under Bulk changes with its results", async ({ page }) => {
  await selectAllThatMatch(page);
  await choose(page, "Change Status");
  await page.getByLabel("Lead status").fill("Qualified");
  await page.getByRole("button", { name: `Change ${many} contacts` }).click();
  await expect(page.getByText("Status changed to “Qualified”")).toBeVisible();
  await page.getByRole("button", { name: "Details", exact: true }).click();

  const dialog = page.getByRole("dialog", { name: "Change status to “Qualified”" });
  await expect(dialog.getByRole("tab", { name: `Changed ${many}` })).toBeVisible();
  await expect(dialog.getByText("Was “new”").first()).toBeVisible();
  await dialog.getByRole("button", { name: "Undo this change" }).click();
  await expect(page.getByText("Status changed back")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Undo: change status to “Qualified”" })).toContainText(`${many} changed`);
});

test("a job over all contacts shows its progress at the foot of every page and can be cancelled", async ({ page }) => {
  const { total } = await call<{ total: number }>("/api/contacts/count");
  const { id } = await call<{ id: string }>("/api/bulk-jobs", {
    jobId: crypto.randomUUID(),
    selection: { type: "filter", filter: { tests: [] } },
    action: { type: "change_status", leadStatus: `All ${name}` },
    evenIfUnlisted: true,
    // Another number than there are: the job asks before it changes anything.
    expectedTotal: 5,
  });
  await page.goto(`${product().url}/flows`);
  const tray = page.getByRole("region", { name: "Bulk changes that run" });
  await expect(tray).toContainText(`${total.toLocaleString("en")} contacts match now, 5 were shown`);
  const letGo = await holdContacts();
  try {
    await tray.getByRole("button", { name: `Change ${total.toLocaleString("en")} contacts` }).click();
    await expect(tray.getByRole("progressbar")).toBeVisible();
    const cancelled = page.waitForResponse((response) => response.url().endsWith(`/bulk-jobs/${id}/cancel`));
    await tray.getByRole("button", { name: /^Cancel/ }).click();
    expect((await cancelled).ok()).toBe(true);
  } finally {
    await letGo();
  }
  await expect(tray).toBeHidden();
  const job = await call<{ state: string; total: number; changed: number; same: number; skipped: number; failed: number; left: number }>(
    `/api/bulk-jobs/${id}`,
  );
  expect(job.state).toBe("cancelled");
  expect(job.changed + job.same + job.skipped + job.failed + job.left).toBe(job.total);
  // The contacts of the demo are as they were, for the journeys after this one.
  if (job.changed === 0) return;
  const undo = await call<{ id: string }>(`/api/bulk-jobs/${id}/undo`, undefined, "POST");
  await expect.poll(async () => (await call<{ state: string }>(`/api/bulk-jobs/${undo.id}`)).state, { timeout: 30_000 }).toBe("done");
});

test("a lead status is renamed with its contacts, undone, and removed when it is said what they get", async ({ page }) => {
  const statuses = async () => (await call<{ items: { id: string; name: string }[] }>("/api/lead-statuses")).items;
  const { id } = await call<{ id: string }>("/api/lead-statuses", { name, color: "yellow" });
  const jobId = crypto.randomUUID();
  const selection = { type: "filter", filter: { search: name, tests: [] } };
  await call("/api/bulk-jobs", { jobId, selection, action: { type: "change_status", leadStatus: name } });
  await expect.poll(async () => (await call<{ state: string }>(`/api/bulk-jobs/${jobId}`)).state).toBe("done");
  const having = async (status: string) => {
    const filter = JSON.stringify({ tests: [{ field: "lead_status", operator: "is", value: status }] });
    return (await call<{ total: number }>(`/api/contacts/count?filter=${encodeURIComponent(filter)}`)).total;
  };

  await page.goto(`${product().url}/settings/lead-statuses`);
  await page.getByRole("button", { name: `Edit ${name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(`${name} renamed`);
  await expect(dialog).toContainText(`${many} contacts have “${name}”`);
  await page.screenshot({ path: test.info().outputPath("rename.png") });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`Status “${name}” is now called “${name} renamed”`)).toBeVisible();
  await expect.poll(() => having(`${name} renamed`)).toBe(many);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText(`Status “${name}” is back`)).toBeVisible();
  await expect.poll(() => having(name)).toBe(many);
  expect((await statuses()).find((status) => status.id === id)?.name).toBe(name);

  // By key, because the pointer rests on the notices, which therefore stay and may stand above the row.
  await page.getByRole("button", { name: `Remove ${name}`, exact: true }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText(`${many} contacts have this status`);
  await question.getByLabel("They get").selectOption({ label: "Customer" });
  await page.screenshot({ path: test.info().outputPath("remove.png") });
  await question.getByRole("button", { name: `Remove and change ${many} contacts` }).click();
  await expect(page.getByText(`Status “${name}” was removed`)).toBeVisible();
  expect((await statuses()).some((status) => status.id === id)).toBe(false);
});
