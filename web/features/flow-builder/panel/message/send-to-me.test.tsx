import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { MyPhone } from "#contract/my-phone.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { SendToMe } from "./send-to-me.tsx";

const node = { id: "sms", type: "send_sms", position: { x: 0, y: 0 }, data: { config: { text: "Hi" } } };
const message = { flowId: "0198f5a0-0000-7000-8000-0000000000f1", node };
const show = (role: "editor" | "viewer" = "editor") =>
  renderUi(<SendToMe channel="sms" message={message} who="newest" name="Ann" disabled={false} />, { role });
/** The button, once it is known whether there is a telephone. */
async function ready(): Promise<HTMLElement> {
  const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Send to me…" });
  await expect.poll(() => button.disabled).toBe(false);
  return button;
}
const sentToMe = () => ({ messageId: "0198f5a0-0000-7000-8000-0000000000a1", message: "Sent to +14155550123." });

test("who may not edit is offered nothing, and nobody’s number is asked for", async () => {
  const { calls } = fakeApi({});
  await show("viewer");
  expect(screen.queryByRole("button")).toBeNull();
  expect(calls).toEqual([]);
});

test("a telephone is given, a wrong code is told at its field, and the right one lets the message go there", async () => {
  let known: MyPhone = { phone: null, isProven: false };
  const { calls } = fakeApi({
    getMyPhone: () => known,
    saveMyPhone: () => {
      known = { phone: "+14155550123", isProven: false };
      return known;
    },
    proveMyPhone: ({ body: { code } }) => {
      if (code !== "123456") {
        throw new Refusal("invalid_request", "Something is wrong.", [{ path: "code", message: "This is not the code that was sent" }]);
      }
      known = { phone: "+14155550123", isProven: true };
      return known;
    },
    sendToMe: sentToMe,
  });
  const { user } = await show();
  await user.click(await ready());
  await user.type(await screen.findByLabelText("Number of your telephone"), "415 555 0123");
  await user.click(screen.getByRole("button", { name: "Send a code" }));
  await user.type(await screen.findByLabelText("Code"), "999999");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByText("This is not the code that was sent")).toBeDefined();
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456");
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByText("To +14155550123, as Ann would get it.")).toBeDefined();
  expect(calls.some(({ id }) => id === "sendToMe")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Send to me" }));
  expect(await screen.findByText("Sent to +14155550123.")).toBeDefined();
});

test("a number that cannot be used is told at its field", async () => {
  fakeApi({
    getMyPhone: () => ({ phone: null, isProven: false }),
    saveMyPhone: () => {
      throw new Refusal("invalid_request", "Something is wrong.", [{ path: "phone", message: "This is not a phone number" }]);
    },
  });
  const { user } = await show();
  await user.click(await ready());
  await user.type(await screen.findByLabelText("Number of your telephone"), "home{Enter}");
  expect(await screen.findByText("This is not a phone number")).toBeDefined();
});
