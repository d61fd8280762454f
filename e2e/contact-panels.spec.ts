import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Steps that change the contact, keep a value, or start and leave other flows are set up in panels of their own.

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
  const { id } = await call<{ id: string }>("/api/flows", {
    name: `Contact panels ${Date.now()}`,
    nodes: [node("start", "start")],
    edges: [],
  });
  const { revision } = await draftOf(id);
  const edges = [
    { id: "a", source: "start", target: "step" },
    { id: "b", source: "step", sourceHandle: exit, target: "end" },
  ];
  await call(
    `/api/flows/${id}/draft`,
    { baseRevision: revision, nodes: { put: [node("step", type, config), node("end", "end")] }, edges: { put: edges } },
    "PATCH",
  );
  await page.goto(`${product().url}/flows/${id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.locator('[data-row="step"]').click();
  return id;
}

/** Chooses for whom the step is looked at. */
async function previewAs(page: Page, lastname: string): Promise<void> {
  await page.getByRole("button", { name: /^Preview as/ }).click();
  await page.getByRole("combobox", { name: "Look for a contact" }).fill(lastname);
  await page.getByRole("option", { name: new RegExp(lastname) }).click();
}

test("fields and tags of the contact are changed, and what becomes of the chosen contact is shown before and after", async ({ page }) => {
  const lastname = `Change${Date.now()}`;
  const contact = await call<{ id: string }>("/api/contacts", {
    firstname: "Ada",
    lastname,
    leadStatus: "New",
    evenIfTwin: true,
    metadata: { visits: 2, tags: ["vip"] },
  });
  const flow = await openStep(
    page,
    "update_contact",
    { changes: [{ field: "lead_status", operation: "set", value: "Contacted" }] },
    "done",
  );
  const result = page.getByRole("region", { name: "What it would do" });
  await previewAs(page, lastname);
  await expect(result.getByRole("listitem")).toHaveText(/Lead status.*New.*Contacted/);

  await page.getByRole("button", { name: "Add change" }).click();
  const second = page.getByRole("group", { name: /^Change 2/ });
  await expect(second.getByLabel("Field", { exact: true })).toBeFocused();
  await second.getByLabel("Field", { exact: true }).selectOption({ label: "visits" });
  await second.getByLabel("What to do").selectOption({ label: "Add a number" });
  await second.getByLabel("Value", { exact: true }).fill("3");
  await expect(result.getByRole("listitem").filter({ hasText: "visits" })).toHaveText(/2.*5/);

  await page.getByRole("button", { name: "Add change" }).click();
  const third = page.getByRole("group", { name: /^Change 3/ });
  await third.getByLabel("Field", { exact: true }).selectOption({ label: "Tags" });
  await third.getByLabel("Value", { exact: true }).selectOption({ label: "Another tag…" });
  await third.getByRole("textbox", { name: "Name of the tag" }).fill("asked {{ firstname }}");
  await expect(result.getByRole("listitem").filter({ hasText: "Tags" })).toHaveText(/vip.*vip, asked Ada/);
  await takePictures(page, "update-contact");
  expect(await findings(page)).toEqual([]);

  await page.getByRole("button", { name: "Move change 3 up" }).press("Enter");
  await expect(page.getByRole("group", { name: "Change 2: tags" })).toBeVisible();
  await page.getByRole("button", { name: "Remove change 3" }).press("Enter");
  await page.getByRole("button", { name: "Add change" }).click();
  const last = page.getByRole("group", { name: /^Change 3/ });
  await last.getByLabel("Field", { exact: true }).selectOption({ label: "E-mail" });
  await last.getByRole("textbox", { name: "Value" }).fill("nobody");
  await expect(result).toContainText("It cannot be done for this contact");
  await takePictures(page, "update-contact-refused");
  await expect
    .poll(async () => (await configOf(flow))?.changes, { timeout: 30_000 })
    .toEqual([
      { field: "lead_status", operation: "set", value: "Contacted" },
      { field: "tags", operation: "add_tag", value: "asked {{ firstname }}" },
      { field: "email", operation: "set", value: "nobody" },
    ]);
  await call(`/api/contacts/${contact.id}`, undefined, "DELETE");
});

test("consent is recorded by channel, with where it was given, and shown for the chosen contact", async ({ page }) => {
  const lastname = `Consent${Date.now()}`;
  const contact = await call<{ id: string }>("/api/contacts", { firstname: "Ben", lastname, smsOptedOut: true, evenIfTwin: true });
  const flow = await openStep(page, "consent", { sms: "opt_out" }, "done");
  const result = page.getByRole("region", { name: "What it would do" });
  await previewAs(page, lastname);
  await expect(result).toContainText("Nothing: it was so already");
  await page.getByRole("radiogroup", { name: "SMS" }).getByText("Opt in", { exact: true }).click();
  await expect(result).toContainText("does not say where the consent was given");
  await page.getByLabel("Where the consent was given").fill("Ticked the box");
  await expect(result.getByRole("listitem")).toHaveText(/Opted out of SMS.*yes.*no/);
  await page.getByRole("radiogroup", { name: "E-mail" }).getByText("Opt out", { exact: true }).click();
  await takePictures(page, "consent");
  expect(await findings(page)).toEqual([]);
  await expect.poll(() => configOf(flow), { timeout: 30_000 }).toEqual({ sms: "opt_in", email: "opt_out", reason: "Ticked the box" });
  for (const channel of ["SMS", "E-mail"])
    await page.getByRole("radiogroup", { name: channel }).getByText("Leave as it is", { exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing to record is chosen yet" })).toBeVisible();
  await call(`/api/contacts/${contact.id}`, undefined, "DELETE");
});

test("a variable is named and filled in, and shows its value for the chosen contact", async ({ page }) => {
  const lastname = `Variable${Date.now()}`;
  const contact = await call<{ id: string }>("/api/contacts", { firstname: "Cleo", lastname, evenIfTwin: true });
  const flow = await openStep(page, "set_variable", { name: "greeting", value: "Hello" });
  const result = page.getByRole("region", { name: "What it would do" });
  await previewAs(page, lastname);
  await page.getByRole("textbox", { name: "Value" }).fill("Hello {{ firstname }}");
  await expect(result).toContainText("“Hello Cleo”");
  await expect(page.getByText("Later steps read it as {{ variables.greeting }}")).toBeVisible();
  await page.getByText("Number", { exact: true }).click();
  await expect(result).toContainText("is no number");
  await page.getByText("Text", { exact: true }).click();
  await page.getByLabel("Name of the variable").fill("1st");
  await expect(page.getByText("and begins with a letter").first()).toBeVisible();
  await takePictures(page, "set-variable");
  expect(await findings(page)).toEqual([]);
  await page.getByLabel("Name of the variable").fill("hello");
  await expect.poll(() => configOf(flow), { timeout: 30_000 }).toEqual({ name: "hello", value: "Hello {{ firstname }}", as: "text" });
  await call(`/api/contacts/${contact.id}`, undefined, "DELETE");
});

test("another flow is looked for by its name, says whether it can be started, and is left again", async ({ page }) => {
  const stamp = Date.now();
  const edge = { id: "e", source: "start", target: "end" };
  await call("/api/flows", {
    name: `Picked live ${stamp}`,
    nodes: [node("start", "start"), node("end", "end", { result: "reached" })],
    edges: [edge],
  });
  const idle = await call<{ id: string }>("/api/flows", { name: `Picked idle ${stamp}`, nodes: [], edges: [] });
  const flow = await openStep(page, "start_flow", { flowId: idle.id }, "started");
  const picker = page.getByRole("combobox", { name: "Flow", exact: true });
  await expect(page.getByText("Not published · Nobody is in it now")).toBeVisible();
  await picker.fill(`live ${stamp}`);
  await takePictures(page, "start-flow-list");
  await page.keyboard.press("Enter");
  await expect(picker).toHaveValue(`Picked live ${stamp}`);
  await expect(page.getByRole("link", { name: /^Open/ })).toBeVisible();
  await page.getByRole("button", { name: "Add value" }).click();
  await page.getByLabel("Name of value 1").fill("code");
  await page.getByRole("textbox", { name: "Value of value 1" }).fill("{{ firstname }}");
  await page.getByRole("checkbox", { name: /^Wait until the contact is through/ }).check({ force: true });
  await takePictures(page, "start-flow");
  expect(await findings(page)).toEqual([]);
  await expect
    .poll(() => configOf(flow), { timeout: 30_000 })
    .toMatchObject({ values: [{ name: "code", value: "{{ firstname }}" }], wait: true });

  const leaving = await openStep(page, "leave_flows", { flows: { type: "all_others" } });
  await page.getByText("These", { exact: true }).click();
  await expect(page.getByText("No flow is chosen yet").first()).toBeVisible();
  const adding = page.getByRole("combobox", { name: "Add a flow" });
  await adding.fill(`live ${stamp}`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "The flows it leaves" }).getByRole("listitem")).toHaveText(
    /Picked live.*Nobody is in it now/,
  );
  await expect(adding).toBeFocused();
  await takePictures(page, "leave-flows");
  expect(await findings(page)).toEqual([]);
  await expect.poll(async () => (await configOf(leaving))?.flows, { timeout: 30_000 }).toMatchObject({ type: "these" });
});
