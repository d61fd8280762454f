import { expect, type Page, test } from "@playwright/test";
import type { SmtpSink } from "../test/smtp-sink.ts";
import { startSmtpSink } from "../test/smtp-sink.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// The controls of a send: planning, undoing, pausing, stopping and retrying it, and the limits on how much runs at
// once.

interface SendAnswer {
  send: { id: string; state: string; enrolled: number; cancelled: number; completed: number; active: number };
}

test.beforeEach(({ page }) => beginSession(page));

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });
const flowId = async (name: string) => {
  const { items } = await call<{ items: { id: string; name: string }[] }>("/api/flows");
  return items.find((flow) => flow.name === name)?.id;
};
const openSend = async (page: Page, id: string) => {
  await page.goto(`${product().url}/sends/${id}`);
  // This is the first page of a fresh browser, so its code is loaded and parsed first.
  await expect(page.getByRole("group", { name: "Selected, taken apart" })).toBeVisible({ timeout: 45_000 });
};

test("a send is planned for each contact's own clock and undone: nothing had left", async ({ page }) => {
  await page.goto(`${product().url}/contacts?q=Bob%20Wilson`);
  await page
    .getByRole("row", { name: /Bob Wilson/ })
    .getByRole("button", { name: /Bob Wilson/ })
    .click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Welcome Flow/ }).click();
  await dialog(page).getByRole("button", { name: /^When/ }).click();
  await dialog(page).getByText("At a time", { exact: true }).click();
  await dialog(page).getByLabel("Time zone").selectOption("contact");
  await expect(dialog(page)).toContainText("tomorrow 9:00 AM in each contact’s own time zone");
  await dialog(page).getByText("Send nothing after a certain time").click();
  await expect(dialog(page).getByLabel(/^Not later than/)).toBeVisible();
  await takePictures(page, "send not later than");
  await dialog(page).getByRole("button", { name: "Schedule Flow" }).click();
  await expect(page.getByText("Flow scheduled")).toBeVisible();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("0 messages were sent. 1 contact was taken out of the flow again.")).toBeVisible();
  await page.goto(`${product().url}/sends`);
  await expect(page.getByRole("row", { name: "Welcome Flow" }).first()).toContainText("Undone");
});

test("a send is paused, resumed and stopped, with an account that adds up", async ({ page }) => {
  const { send } = await call<SendAnswer>("/api/sends", {
    flowId: await flowId("Welcome Flow"),
    selection: { type: "filter", filter: { tests: [] }, excluded: [] },
    drip: { count: 2, everySeconds: 10 },
  });
  await openSend(page, send.id);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/^Paused by Demo Owner/)).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).first().click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Stop send" }).click();
  const account = page.getByRole("alertdialog", { name: "The send is stopped" });
  await expect(account).toBeVisible();
  const figures = (await account.getByRole("definition").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
  const [ended = 0, stopped = 0, inFlight = 0, enrolled = 0] = figures;
  expect(ended + stopped + inFlight).toBe(enrolled);
  await account.getByRole("button", { name: "Close" }).first().click();
  await expect(page.getByText(/^Stopped by Demo Owner/)).toBeVisible();
  await expect
    .poll(async () => (await call<SendAnswer["send"]>(`/api/sends/${send.id}`)).active, { message: "nobody is left under way" })
    .toBe(0);
  expect((await call<SendAnswer["send"]>(`/api/sends/${send.id}`)).enrolled).toBe(enrolled);
});

test("what a provider refused is tried again after saying how many, and goes through", async ({ page }) => {
  let isBroken = true;
  const sink: SmtpSink = await startSmtpSink({ onRecipient: () => (isBroken ? "554 5.7.1 Refused by policy" : undefined) });
  const setProvider = (body: object) => call("/api/providers/email", body, "PUT");
  try {
    const settings = { host: "127.0.0.1", port: sink.port, security: "none", fromAddress: "us@example.com" };
    await setProvider({ provider: "smtp", settings });
    const flow = await call<{ id: string }>("/api/flows", {
      name: "One e-mail",
      nodes: [
        { id: "start", type: "start", data: {} },
        { id: "mail", type: "send_email", data: { config: { subject: "Hello", text: "Hello" } } },
        { id: "end", type: "end", data: {} },
      ],
      edges: [
        { id: "1", source: "start", target: "mail" },
        { id: "2", source: "mail", target: "end" },
      ],
    });
    const found = await Promise.all(
      ["john@example.com", "jane.smith@example.com"].map((search) =>
        call<{ items: { id: string }[] }>(`/api/contacts?filter=${encodeURIComponent(JSON.stringify({ search, tests: [] }))}`),
      ),
    );
    const ids = found.map(({ items }) => items[0]?.id);
    const { send } = await call<SendAnswer>("/api/sends", { flowId: flow.id, selection: { type: "ids", ids } });
    await openSend(page, send.id);
    await page.getByRole("button", { name: "Retry 2 failed" }).click();
    const retry = page.getByRole("alertdialog");
    await expect(retry).toContainText(
      "2 contacts go on from the step that failed. Sent again first, if the contact can still be written to: 2 e-mails.",
    );
    isBroken = false;
    await retry.getByRole("button", { name: "Retry 2 contacts" }).click();
    await expect(page.getByText("Trying again")).toBeVisible();
    await expect(page.getByRole("group", { name: "Enrolled, taken apart" })).toContainText("2completed");
    expect(sink.accepted).toHaveLength(2);
  } finally {
    await setProvider({ provider: "capture" });
    await sink.stop();
  }
});

test("a limit that is changed on the queue page is in force at once", async ({ page }) => {
  await page.goto(`${product().url}/queue`);
  await expect(page.getByRole("heading", { name: "Limits" })).toBeVisible();
  const change = async (perMinute: string, shown: string) => {
    await page.getByRole("button", { name: "Change SMS" }).click();
    await page.getByLabel("Messages a minute").fill(perMinute);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("listitem", { name: "SMS" })).toContainText(shown);
  };
  await change("90", "90 a minute");
  const queue = await call<{ channels: { channel: string; perMinute: number | null }[] }>("/api/queue");
  expect(queue.channels.find(({ channel }) => channel === "sms")?.perMinute).toBe(90);
  await change("", "No limit");
});
