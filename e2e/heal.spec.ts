import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// Who of a send was not reached and can be now is sent to in the same send, once.

const step = (id: string, type: string, config: object) => ({ id, type, position: { x: 0, y: 0 }, data: { config } });

test("a number that was added is written to in the same send, whoever still has none stays, and nobody twice", async ({ page }) => {
  await beginSession(page);
  const mark = `Heal${Date.now()}`;
  const add = async (firstname: string, phoneNumber?: string) =>
    (await call<{ id: string }>("/api/contacts", { firstname, lastname: mark, ...(phoneNumber && { phoneNumber }), evenIfTwin: true })).id;
  const numberFor = (n: number) => `+1202555${String(1000 + ((Date.now() + n * 37) % 8999)).padStart(4, "0")}`;
  const people = [await add("Ada", numberFor(1)), await add("Bea"), await add("Cleo"), await add("Dora")];
  const nodes = [
    step("start", "start", {}),
    step("sms", "send_sms", { text: "Your parcel is ready", kind: "transactional" }),
    step("end", "end", {}),
  ];
  const edges = [
    { id: "1", source: "start", target: "sms" },
    { id: "2", source: "sms", target: "end" },
  ];
  const { id: flowId } = await call<{ id: string }>("/api/flows", { name: mark, nodes, edges });
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId, selection: { type: "ids", ids: people } });
  const totals = () => call<{ state: string; completed: number; captured: number; unreached: number }>(`/api/sends/${send.id}`);
  await expect.poll(async () => (await totals()).state).toBe("done");

  await page.goto(`${product().url}/sends/${send.id}`);
  await expect(page.getByRole("heading", { name: mark })).toBeVisible();
  const strip = page.getByRole("region", { name: "Who can be reached now" });
  await expect(strip).toHaveCount(0);

  for (const [n, id] of people.slice(1, 3).entries()) await call(`/api/contacts/${id}`, { phoneNumber: numberFor(10 + n) }, "PATCH");
  await page.reload();
  await expect(strip).toContainText("2 contacts of this send were not reached, and can be now.");
  await expect(strip).toContainText("No phone number (2)");
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "who can be reached now");
  await strip.getByRole("button", { name: "Send to 2 who can now be reached" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Send to 2 who can now be reached?" });
  await expect(dialog).toContainText("No phone number: 2 contacts");
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "send to who can be reached now");
  await dialog.getByRole("button", { name: "Send to 2 contacts" }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await totals()).unreached).toBe(1);
  await expect(strip).toHaveCount(0);
  const { items } = await call<{ items: { to: string }[] }>(`/api/sends/${send.id}/proof`);
  expect(items).toHaveLength(3);
  expect(new Set(items.map(({ to }) => to)).size).toBe(3);
  const { items: sends } = await call<{ items: unknown[] }>(`/api/sends?flowId=${flowId}`);
  expect(sends).toHaveLength(1);
});
