import { createServer } from "node:http";
import { expect, type Page, test } from "@playwright/test";
import { findings, wideLooks } from "./axe.ts";
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

test("a webhook is tried for a contact, a value of its answer is kept, and a later step reads it", async ({ page }) => {
  const heard: { url: string | undefined; body: string }[] = [];
  const server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    heard.push({ url: req.url, body });
    res.writeHead(200, { "Content-Type": "application/json" }).end('{"data":{"orderNumber":"A-77","open":true}}');
  });
  const port = product().webPort;
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  try {
    const lastname = `Hook${Date.now()}`;
    const { id: contact } = await addContact(lastname, "Europe/Berlin");
    const url = `http://127.0.0.1:${port}/orders`;
    const flow = await openStep(page, "webhook", { method: "POST", url, body: { type: "none" } }, "success");
    await page.getByText("JSON", { exact: true }).click();
    await page.getByRole("textbox", { name: "JSON" }).fill('{ "name": "{{ lastname }}" }');
    const tester = page.getByRole("region", { name: "Try it" });
    await previewAs(page, lastname);
    await tester.getByRole("button", { name: "Try it…" }).click();
    await expect(tester).toContainText(`This calls 127.0.0.1:${port} now, with the data of Panel ${lastname}.`);
    expect(heard).toEqual([]);
    await tester.getByRole("button", { name: "Call now" }).click();
    await expect(tester).toContainText("A contact would go on by “Success”.", { timeout: 30_000 });
    expect(heard).toEqual([{ url: "/orders", body: `{ "name": "${lastname}" }` }]);
    await tester.getByText("What was sent").click();
    await expect(tester).toContainText(`POST ${url}`);
    await tester.getByRole("button", { name: "Keep data.orderNumber" }).click();
    await expect(tester).toContainText("Later steps read it as {{ steps.webhook.order_number }}.");
    await expect(page.getByLabel("Path in the answer of value 1")).toHaveValue("data.orderNumber");
    expect(await findings(page, wideLooks)).toEqual([]);
    await expect
      .poll(async () => (await configOf(flow))?.fields, { timeout: 30_000 })
      .toEqual([{ name: "order_number", path: "data.orderNumber" }]);

    await takePictures(page, "webhook");
    await page.goto(`${product().url}/flows/${flow}?tab=edit`);
    await page.locator('[data-row="step"]').click();
    const kept = page.getByRole("group", { name: "The last answer" });
    await expect(kept).toContainText("The last answer: 200", { timeout: 30_000 });
    await expect(kept.getByRole("button", { name: "Keep data.open" })).toBeVisible();
    await page.keyboard.press("a");
    await page.keyboard.type("send sms");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Put a field into “Text”" }).click();
    await page.keyboard.type("order_number");
    await expect(page.getByRole("option", { name: /Webhook: order_number/ })).toBeVisible();
    await call(`/api/contacts/${contact}`, undefined, "DELETE");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
