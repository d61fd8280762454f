import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Trying a flow before it is sent: on oneself, and without anything that leaves. What a contact got and what is planned is a fold beside it.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

async function addContact(firstname: string, mark: string): Promise<string> {
  const made = await call<{ id: string }>("/api/contacts", {
    firstname,
    lastname: mark,
    email: `${firstname}.${mark}@example.com`.toLowerCase(),
  });
  return made.id;
}

const position = { x: 0, y: 0 };
async function addFlow(name: string): Promise<string> {
  const nodes = [
    { id: "start", type: "start", position, data: {} },
    {
      id: "hello",
      type: "send_email",
      position,
      data: { label: "Say hello", config: { subject: "Hi {{ firstname }}", text: "Hello {{ firstname }}." } },
    },
    { id: "days", type: "delay", position, data: { label: "Wait three days", config: { mode: "duration", amount: 3, unit: "days" } } },
    {
      id: "again",
      type: "send_email",
      position,
      data: { label: "Ask again", config: { subject: "Still there?", text: "Are you, {{ firstname }}?" } },
    },
    { id: "end", type: "end", position, data: {} },
  ];
  const edges = nodes.slice(1).map(({ id }, index) => ({ id, source: nodes[index]?.id, target: id }));
  return (await call<{ id: string }>("/api/flows", { name, nodes, edges })).id;
}

async function open(page: Page, mark: string, names: readonly string[], flow: string): Promise<void> {
  await page.goto(`${product().url}/contacts?q=${mark}`);
  for (const name of names)
    await page
      .getByRole("row", { name: new RegExp(`${name} ${mark}`) })
      .getByRole("checkbox")
      .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").fill(flow);
  await page.getByRole("option", { name: new RegExp(flow) }).click();
}

test("a flow is tried on oneself and run dry for one of the chosen contacts; only the dry run is in their history, marked", async ({
  page,
}) => {
  await beginSession(page);
  const mark = `Trial${Date.now()}`;
  const [ada] = [await addContact("Ada", mark), await addContact("Bea", mark)];
  const flowId = await addFlow(`Trial flow ${mark}`);
  await open(page, mark, ["Ada", "Bea"], `Trial flow ${mark}`);

  const fold = dialog(page).getByRole("button", { name: /^Test/ });
  await expect(fold).toHaveAttribute("aria-expanded", "false");
  await fold.click();
  await dialog(page)
    .getByLabel("As it is for")
    .selectOption({ label: `Ada ${mark}` });
  await dialog(page).getByRole("button", { name: "Send to me" }).click();
  const end = dialog(page).getByText("2 messages kept on this machine, as sent to you.", { exact: false });
  await expect(end).toBeVisible({ timeout: 30_000 });
  await end.scrollIntoViewIfNeeded();
  await takePictures(page, "tried on oneself");
  expect(await findings(page)).toEqual([]);
  const { items } = await call<{ items: { to: string; subject: string; isTest: boolean; contactId: string | null }[] }>(
    "/api/messages?limit=20",
  );
  const mine = items.filter(({ subject }) => subject?.startsWith("TEST"));
  expect(mine.map(({ subject }) => subject).sort()).toEqual(["TEST: Hi Ada", "TEST: Still there?"]);
  for (const message of mine) expect(message).toMatchObject({ to: product().ownerEmail, isTest: true, contactId: null });
  const executions = () => call<{ items: { isTest: boolean; status: string }[] }>(`/api/executions?flowId=${flowId}`);
  expect((await executions()).items).toEqual([]);
  expect((await call<{ items: unknown[] }>(`/api/contacts/${ada}/timeline`)).items).toEqual([]);

  await dialog(page).getByRole("button", { name: "Dry run" }).click();
  await expect(dialog(page).getByText("Would have left")).toHaveCount(2, { timeout: 30_000 });
  await expect(dialog(page).getByText(/^Nothing has left and nothing of the contact was changed/)).toBeVisible();
  await dialog(page).getByRole("link", { name: "Open it in the history" }).scrollIntoViewIfNeeded();
  await takePictures(page, "dry run");
  expect(await findings(page)).toEqual([]);
  expect((await executions()).items).toMatchObject([{ isTest: true, status: "completed" }]);
  await page.goto(`${product().url}/contacts/${ada}?tab=flows`);
  await expect(page.getByText(/^Test · /)).toBeVisible();
});

test("for one contact the dialog is as it was, with what the contact got and what is planned behind one line", async ({ page }) => {
  await beginSession(page);
  const mark = `Past${Date.now()}`;
  const contactId = await addContact("Cleo", mark);
  const flowId = await addFlow(`Past flow ${mark}`);
  await call("/api/sends", { flowId, selection: { type: "ids", ids: [contactId] } });
  await expect
    .poll(async () => (await call<{ items: unknown[] }>(`/api/messages?contactId=${contactId}`)).items.length, { timeout: 30_000 })
    .toBe(1);
  await open(page, mark, ["Cleo"], `Past flow ${mark}`);
  await expect(dialog(page).getByRole("button", { name: /^Next 7 days|^Who not/ })).toHaveCount(0);
  const fold = dialog(page).getByRole("button", { name: /^History/ });
  await expect(fold).toHaveAttribute("aria-expanded", "false");
  await fold.click();
  await expect(dialog(page).getByRole("region", { name: "Planned" })).toContainText("Ask again");
  await expect(dialog(page).getByRole("region", { name: "Last messages" })).toContainText("Hi Cleo");
  await expect(dialog(page).getByRole("region", { name: "Last enrollments" })).toContainText("Waiting");
  await dialog(page).getByRole("link", { name: "Open the whole history" }).scrollIntoViewIfNeeded();
  await takePictures(page, "history in the dialog");
  expect(await findings(page)).toEqual([]);
});
