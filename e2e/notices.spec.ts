import { expect, test } from "@playwright/test";
import { findings } from "./axe.ts";
import { takePictures } from "./pictures.ts";
import { beginSession, call, product } from "./product.ts";

test("somebody who may have said stop is a notice: the bell counts it, it leads to what was written, and it is read then", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await beginSession(page);
  const { url, workspaceId } = product();
  const stamp = Date.now();
  const phoneNumber = `+1415555${String(stamp).slice(-4)}`;
  const contact = await call<{ id: string }>("/api/contacts", { firstname: "Nora", lastname: String(stamp), phoneNumber });
  const headers = { "X-Workspace-Id": workspaceId, Origin: url };
  const data = { channel: "sms", text: "can you stop by at five and tell me how this works?" };
  const answer = await page.request.post(`${url}/api/conversations/${contact.id}/trial`, { data, headers });
  expect(answer.ok(), `answering gave ${answer.status()}`).toBe(true);

  await page.goto(`${url}/sends`);
  await page.getByRole("link", { name: /^Notices, \d+ unread$/ }).click({ timeout: 45_000 });
  const line = page.getByRole("listitem").filter({ hasText: `Nora ${stamp} may have asked for no more messages` });
  await expect(line).toBeVisible({ timeout: 30_000 });
  await takePictures(page, "notices");
  expect(await findings(page)).toEqual([]);
  await page.getByText(/^Also send them to/).click();
  await expect(page.getByRole("checkbox", { checked: true })).toBeAttached();
  await line.getByRole("link", { name: "Read what was written" }).click();
  await expect(page.getByRole("log", { name: "Messages of this conversation" })).toContainText("can you stop by at five");
  await page.goto(`${url}/notices`);
  await expect(line).not.toContainText("Mark as read");
});
