import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What a flow asks for when it is sent: drawn in its start, filled in for all and for single contacts, and told afterwards.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });
const position = { x: 0, y: 0 };

test("a flow asks for a price and a colour: one price for all, another for one contact pasted from a sheet, and each gets its own message", async ({
  page,
}) => {
  test.slow();
  await beginSession(page);
  const mark = `Values${Date.now()}`;
  const add = async (firstname: string, number: number) => {
    const phoneNumber = `+1202555${String(1000 + ((Date.now() + number) % 8999)).padStart(4, "0")}`;
    return (await call<{ id: string }>("/api/contacts", { firstname, lastname: mark, phoneNumber, evenIfTwin: true })).id;
  };
  await add("Ada", 1);
  await add("Bea", 2);
  const flow = await call<{ id: string }>("/api/flows", {
    name: `Offer ${mark}`,
    nodes: [
      { id: "start", type: "start", position, data: { config: {} } },
      { id: "sms", type: "send_sms", position, data: { config: { text: "Hi {{ firstname }}" } } },
    ],
    edges: [{ id: "e", source: "start", target: "sms" }],
  });

  // The start asks for a price.
  await page.goto(`${product().url}/flows/${flow.id}?tab=edit`);
  await expect(page.getByRole("tree", { name: "Steps of the flow" })).toBeVisible({ timeout: 45_000 });
  await page.locator('[data-row="start"]').click();
  await page.getByRole("button", { name: "Add a value to ask for" }).click();
  await page.getByLabel("What it is called").fill("Price");
  await page.getByLabel("Kind", { exact: true }).last().selectOption("number");
  await expect(page.getByText("{{ input.price }}")).toBeVisible();
  await takePictures(page, "values asked for in the start");

  // The rest is set by the API: the draft is not what this journey is about.
  await call(
    `/api/flows/${flow.id}`,
    {
      name: `Offer ${mark}`,
      nodes: [
        {
          id: "start",
          type: "start",
          position,
          data: {
            config: {
              inputs: [
                { name: "price", label: "Price", type: "number", required: true, help: "In euros" },
                { name: "colour", label: "Colour", type: "choice", choices: ["Red", "Blue"], required: false, default: "Red" },
              ],
            },
          },
        },
        {
          id: "sms",
          type: "send_sms",
          position,
          data: { config: { text: "{{ firstname }}: {{ input.price | number: 2 }} in {{ input.colour }}" } },
        },
      ],
      edges: [{ id: "e", source: "start", target: "sms" }],
    },
    "PUT",
  );

  await page.goto(`${product().url}/contacts?q=${mark}`);
  for (const name of ["Ada", "Bea"])
    await page
      .getByRole("row", { name: new RegExp(`${name} ${mark}`) })
      .getByRole("checkbox")
      .check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await dialog(page).getByPlaceholder("Choose a flow to send").fill(mark);
  await page.getByRole("option", { name: new RegExp(`Offer ${mark}`) }).click();

  const send = dialog(page).getByRole("button", { name: "Send Flow", exact: true });
  await expect(dialog(page).getByText("Needed", { exact: true })).toBeVisible();
  await expect(send).toBeDisabled();
  await dialog(page).getByLabel("Price", { exact: true }).fill("cheap");
  await expect(dialog(page).getByText("“cheap” is not a number")).toBeVisible();
  await dialog(page).getByLabel("Price", { exact: true }).fill("12.5");
  await expect(send).toBeEnabled();
  await dialog(page).getByText("Some contacts have values of their own").click();
  const cell = dialog(page).getByLabel(`Price of Bea ${mark}`);
  await cell.evaluate((input) => {
    const data = new DataTransfer();
    data.setData("text/plain", "99\tBlue");
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(dialog(page).getByLabel(`Colour of Bea ${mark}`)).toHaveValue("Blue");
  await takePictures(page, "values of a send");
  await send.click();
  await expect(dialog(page)).toHaveCount(0);

  const { items } = await call<{ items: { id: string }[] }>(`/api/sends?flowId=${flow.id}`);
  const sendId = items[0]?.id;
  const texts = async () => {
    const { items: executions } = await call<{ items: { id: string }[] }>(`/api/executions?sendId=${sendId}`);
    const found = await Promise.all(
      executions.map(({ id }) => call<{ items: { body: string | null }[] }>(`/api/messages?executionId=${id}`)),
    );
    return found.flatMap(({ items: messages }) => messages.map(({ body }) => body)).toSorted();
  };
  await expect.poll(texts, { timeout: 30_000 }).toEqual(["Ada: 12.50 in Red", "Bea: 99.00 in Blue"]);
  await page.goto(`${product().url}/sends/${sendId}`);
  await expect(page.getByText("Price: 12.5 · 1 contact has values of their own")).toBeVisible();
  await takePictures(page, "values of a send on its page");
});
