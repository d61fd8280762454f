import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

// What left for whom is proven line by line: from the page of a send, from that of a contact, and as a file.

test("the record of a send and of a contact tells of each message when it was written and what was answered, and is saved as a file", async ({
  page,
}) => {
  await beginSession(page);
  const mark = `Proof${Date.now()}`;
  const add = (firstname: string, n: number) =>
    call<{ id: string }>("/api/contacts", {
      firstname,
      lastname: mark,
      phoneNumber: `+1202555${String(1000 + ((Date.now() + n * 41) % 8999)).padStart(4, "0")}`,
      email: `${firstname.toLowerCase()}-${mark.toLowerCase()}@example.test`,
      evenIfTwin: true,
    });
  const people = [(await add("Ada", 1)).id, (await add("Bea", 2)).id];
  const node = (id: string, type: string, config: object) => ({ id, type, position: { x: 0, y: 0 }, data: { config } });
  const nodes = [
    node("start", "start", {}),
    node("sms", "send_sms", { text: "Your parcel is ready", kind: "transactional" }),
    node("email", "send_email", { subject: "Your parcel", text: "It is ready", kind: "transactional" }),
  ];
  const edges = [
    { id: "1", source: "start", target: "sms" },
    { id: "2", source: "sms", target: "email" },
  ];
  const { id: flowId } = await call<{ id: string }>("/api/flows", { name: mark, nodes, edges });
  const { send } = await call<{ send: { id: string } }>("/api/sends", { flowId, selection: { type: "ids", ids: people } });
  await expect.poll(async () => (await call<{ state: string }>(`/api/sends/${send.id}`)).state).toBe("done");

  await page.goto(`${product().url}/sends/${send.id}`);
  await page.getByRole("tab", { name: "Proof" }).click();
  const lines = page.getByRole("tabpanel").locator("details");
  await expect(lines).toHaveCount(4);
  await lines.first().locator("summary").click();
  await expect(lines.first()).toContainText("Written down, before the provider was called.");
  await expect(lines.first()).toContainText("Kept here as a test; nothing left.");
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "proof of a send");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^proof-of-send-.*\.csv$/);

  await page.getByRole("tab", { name: "Over time" }).click();
  await page.getByLabel("Of which step").selectOption({ label: "Send e-mail" });
  await expect(page.getByRole("button", { name: /Came to the step\s*2/ })).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "chart of one step");

  await page.goto(`${product().url}/contacts/${people[0]}?tab=proof`);
  await expect(page.getByRole("tabpanel").locator("details")).toHaveCount(2);
  await page.getByRole("tabpanel").locator("summary").first().click();
  expect(await findings(page)).toEqual([]);
  await takePictures(page, "proof of a contact");
});
