import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Steps that wait by the clock and those that call an address are set up in panels of their own.

test.beforeEach(async ({ page }) => {
  // Each journey looks at its panels in every colour and width, which takes a slow machine a while.
  test.slow();
  await beginSession(page);
});

interface Draft {
  revision: string;
  nodes: { id: string; data: { config?: Record<string, unknown> } }[];
}
const draftOf = (flow: string) => call<Draft>(`/api/flows/${flow}/draft`);
const configOf = async (flow: string) => (await draftOf(flow)).nodes.find(({ id }) => id === "step")?.data.config;

const node = (id: string, type: string, config: object = {}) => ({ id, type, position: { x: 0, y: 0 }, data: { config } });

/** A flow of its own with one step in its draft, opened at this step. */
async function openStep(page: Page, type: string, config: object, exit = "next"): Promise<string> {
  const start = node("start", "start");
  const { id } = await call<{ id: string }>("/api/flows", { name: `Panels ${Date.now()}`, nodes: [start], edges: [] });
  const { revision } = await draftOf(id);
  const edges = [
    { id: "a", source: "start", target: "step" },
    { id: "b", source: "step", sourceHandle: exit, target: "end" },
  ];
  const put = [node("step", type, config), node("end", "end")];
  await call(`/api/flows/${id}/draft`, { baseRevision: revision, nodes: { put }, edges: { put: edges } }, "PATCH");
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.locator('[data-row="step"]').click();
  return id;
}

const addContact = (lastname: string, timeZone: string, more: object = {}) =>
  call<{ id: string }>("/api/contacts", { firstname: "Panel", lastname, timeZone, evenIfTwin: true, ...more });

/** Chooses for whom the step is looked at. */
async function previewAs(page: Page, lastname: string): Promise<void> {
  await page.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("combobox", { name: "Look for a contact" }).fill(lastname);
  await page.getByRole("option", { name: new RegExp(lastname) }).click();
}

test("a delay is set up in words, and shows when it ends on the contact’s own clock", async ({ page }) => {
  const lastname = `Delay${Date.now()}`;
  const { id: contact } = await addContact(lastname, "Asia/Kathmandu", { metadata: { renewal: "2020-05-31" } });
  const flow = await openStep(page, "delay", { mode: "duration", amount: 2, unit: "days" });
  const times = page.getByRole("region", { name: "The next times" });
  await expect(page.getByRole("status", { name: "In words" })).toHaveText("Wait 2 days.");
  await expect(times.getByRole("listitem")).toHaveCount(3);
  await previewAs(page, lastname);
  await expect(times).toContainText(`By the clock of Panel ${lastname} (Kathmandu, UTC+5:45 now).`);
  await takePictures(page, "delay-while");

  await page.getByLabel("How long").fill("400");
  await expect(page.getByText("A delay is at most 366 days long").first()).toBeVisible();
  await expect(times).toContainText("once the settings of this step are complete");

  await page.getByText("Until an hour", { exact: true }).click();
  await page.getByLabel(/^Hour/).fill("09:30");
  // Who looks at another way of waiting finds the settings of this one again.
  await page.getByText("For a while", { exact: true }).click();
  await page.getByText("Until an hour", { exact: true }).click();
  await expect(page.getByLabel(/^Hour/)).toHaveValue("09:30");
  for (const day of ["Monday", "Wednesday"]) await page.getByLabel(day, { exact: true }).check({ force: true });
  await expect(page.getByRole("status", { name: "In words" })).toHaveText(/Wait until 9:30( AM)? on Mon, Wed, the contact’s time\./);
  await expect(times.getByRole("listitem").first()).toContainText(/^(Mon|Wed), .*9:30/);
  await takePictures(page, "delay-hour");

  await page.getByText("Until a date", { exact: true }).click();
  await page.getByLabel("Which date").selectOption({ label: "Another field…" });
  await page.getByLabel("Name of the field").fill("custom.renewal");
  await page.getByLabel("Before or after that date").selectOption("before");
  await page.getByLabel("How much").fill("3");
  await expect(times).toContainText("Leaves at once by “Past or no date”");
  await page.getByRole("checkbox", { name: /^Every year/ }).check({ force: true });
  await expect(times.getByRole("listitem").first()).toContainText(/28 May|May 28/);
  await takePictures(page, "delay-date");
  expect(await findings(page)).toEqual([]);
  await expect
    .poll(() => configOf(flow), { timeout: 30_000 })
    .toEqual({ mode: "until_date", field: "custom.renewal", offset: { amount: -3, unit: "days" }, yearly: true });
  await call(`/api/contacts/${contact}`, undefined, "DELETE");
});

test("a time window is drawn over the day, says how long it is open, and when for the chosen contact", async ({ page }) => {
  const lastname = `Window${Date.now()}`;
  const { id: contact } = await addContact(lastname, "Pacific/Auckland");
  const flow = await openStep(page, "time_window", { days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }, "inside");
  const times = page.getByRole("region", { name: "The next times" });
  const words = page.getByRole("status", { name: "In words" });
  await expect(words).toHaveText("Open 45 h a week");
  await previewAs(page, lastname);
  await expect(times).toContainText(`By the clock of Panel ${lastname} (Auckland, UTC+1`);
  await expect(times.getByRole("listitem")).toHaveCount(3);
  await page.getByLabel("Saturday", { exact: true }).check({ force: true });
  await expect(words).toHaveText("Open 54 h a week");
  await page.getByLabel("From", { exact: true }).fill("22:00");
  await page.getByLabel("To", { exact: true }).fill("06:00");
  await expect(words).toHaveText("Open 48 h a week, each time into the next day");
  await page.getByRole("button", { name: "Add a day" }).click();
  await page.getByLabel("Day 1", { exact: true }).fill("2030-12-24");
  await page.getByRole("button", { name: "Copy 2030 to 2031" }).click();
  await page.getByText("Leaves by “Dropped”", { exact: true }).click();
  await expect(times.getByRole("listitem").nth(1)).toContainText(/10:00|22:00/);
  await takePictures(page, "time-window");
  expect(await findings(page)).toEqual([]);
  await expect
    .poll(() => configOf(flow), { timeout: 30_000 })
    .toEqual({ days: [1, 2, 3, 4, 5, 6], from: "22:00", to: "06:00", holidays: ["2030-12-24", "2031-12-24"], outside: "drop" });
  await call(`/api/contacts/${contact}`, undefined, "DELETE");
});
