import { expect, type Page, test } from "@playwright/test";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// A send that begins with a few: chosen in the dialog, seen on its page, and let go by a person.

const dialog = (page: Page) => page.getByRole("dialog", { name: /Send Flow to Contact/ });

interface Rules {
  canary: Record<string, number>;
}

test("two of five contacts get the flow first; the page says how they went, and the others follow when a person says so", async ({
  page,
}) => {
  await beginSession(page);
  const rules = await call<Rules>("/api/workspace/sending-rules");
  await call("/api/workspace/sending-rules", { ...rules, canary: { ...rules.canary, contacts: 2 } }, "PUT");
  const mark = `Canary${Date.now()}`;
  for (const [number, firstname] of ["Ada", "Bea", "Cleo", "Dora", "Emma"].entries()) {
    const phoneNumber = `+1202555${String(1000 + ((Date.now() + number) % 8999)).padStart(4, "0")}`;
    await call("/api/contacts", { firstname, lastname: mark, phoneNumber, evenIfTwin: true });
  }

  await page.goto(`${product().url}/contacts?q=${mark}`);
  await expect(page.getByRole("row")).toHaveCount(6);
  await page.getByRole("row").first().getByRole("checkbox").check({ force: true });
  await page.getByRole("button", { name: "Bulk Actions" }).click();
  await page.getByRole("menuitem", { name: "Send Flow" }).click();
  await dialog(page).getByPlaceholder("Choose a flow to send").click();
  await page.getByRole("option", { name: /Welcome Flow/ }).click();
  await dialog(page).getByRole("button", { name: /^When/ }).click();
  await dialog(page)
    .getByRole("checkbox", { name: /^Try with a few first/ })
    .check({ force: true });
  await expect(dialog(page).getByText("2 of 5 get it first; the rest 15 minutes later, if they went well.")).toBeVisible();
  await dialog(page).getByText("2 of 5 get it first").scrollIntoViewIfNeeded();
  await takePictures(page, "canary in the dialog");
  await dialog(page).getByRole("button", { name: "Send Flow", exact: true }).click();
  await expect(dialog(page)).toBeHidden();
  await call("/api/workspace/sending-rules", rules, "PUT");

  const { items } = await call<{ items: { id: string; state: string; undoUntil: string | null }[] }>("/api/sends?state=canary");
  const sendId = items[0]?.id as string;
  await page.goto(`${product().url}/sends/${sendId}`);
  const first = page.getByRole("region", { name: "First contacts" });
  await expect(first).toContainText("2 of 2 begun · 2 sent · 0 failed · 0 opted out", { timeout: 40_000 });
  await expect(first).toContainText("The rest follows by itself if the first 2 went well.", { timeout: 20_000 });
  await expect(first).toContainText("min left");
  await expect(page.getByRole("gridcell", { name: "Until the first messages are checked" })).toHaveCount(3);
  await takePictures(page, "canary on the page of the send");

  await first.getByRole("button", { name: "Go on now" }).click();
  await page.getByRole("button", { name: "Go on with 3 other contacts" }).click();
  await expect(page.getByText(/let the rest follow/)).toBeVisible();
  await expect
    .poll(async () => (await call<{ reached: number; captured: number }>(`/api/sends/${sendId}`)).captured, { timeout: 30_000 })
    .toBe(5);
  await takePictures(page, "canary after the rest followed");
});

test("a drip whose first contacts fail is held: its page says why and what the next round waits for, and the notices lead there", async ({
  page,
}) => {
  await beginSession(page);
  const mark = `Held${Date.now()}`;
  const ids: string[] = [];
  for (const [number, firstname] of ["Ada", "Bea", "Cleo", "Dora"].entries()) {
    const phoneNumber = `+1202555${String(1000 + ((Date.now() + 50 + number) % 8999)).padStart(4, "0")}`;
    ids.push((await call<{ id: string }>("/api/contacts", { firstname, lastname: mark, phoneNumber, evenIfTwin: true })).id);
  }
  const position = { x: 0, y: 0 };
  const wrong = { changes: [{ field: "email", operation: "set", value: "{{ firstname }}" }], onError: "stop" };
  const nodes = [
    { id: "start", type: "start", position, data: {} },
    { id: "wrong", type: "update_contact", position, data: { label: "Set the e-mail address", config: wrong } },
    { id: "sms", type: "send_sms", position, data: { label: "Say hello", config: { text: "Hello {{ firstname }}" } } },
    { id: "end", type: "end", position, data: {} },
  ];
  const edges = nodes.slice(1).map(({ id }, index) => ({ id, source: nodes[index]?.id, target: id }));
  const flow = await call<{ id: string }>("/api/flows", { name: `Offer ${mark}`, nodes, edges });
  const { send } = await call<{ send: { id: string } }>("/api/sends", {
    flowId: flow.id,
    selection: { type: "ids", ids },
    canary: { contacts: 2 },
    drip: { count: 2, everySeconds: 600 },
  });
  await page.goto(`${product().url}/sends/${send.id}`);
  const first = page.getByRole("region", { name: "First contacts" });
  await expect(first).toContainText("Held: 2 others wait until somebody decides.", { timeout: 40_000 });
  await expect(first).toContainText("2 of the first 2 failed: 100 %, where at most 2 % may.");
  await expect(page.getByText("The next round follows when somebody lets the rest go on.")).toBeVisible();
  await takePictures(page, "canary held");

  await page.goto(`${product().url}/notices`);
  const notice = page.getByRole("listitem").filter({ hasText: mark });
  await expect(notice).toContainText("is held: its first contacts did not go well", { timeout: 40_000 });
  await takePictures(page, "canary held, notice");
  await notice.getByRole("link").first().click();
  await expect(page.getByRole("region", { name: "First contacts" })).toContainText("Held");
});
