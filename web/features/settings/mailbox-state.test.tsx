import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { fakeApi, Outage } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { MailboxState } from "./mailbox-state.tsx";

const state = { isNamed: true, lastReadAt: null, problem: null, nextAt: null, taken: 0 };
const show = () => renderUi(<MailboxState channel="email" />);

it("says what keeps the mailbox from being read, and what becomes of the mail meanwhile", async () => {
  const problem = "The mailbox’s server refuses the sign-in: check the user name and the password";
  fakeApi({ getMailbox: () => ({ ...state, lastReadAt: "2026-11-01T00:00:00Z", problem, nextAt: "2099-01-01T00:00:00Z" }) });
  await show();
  expect(await screen.findByText("The mailbox cannot be read")).toBeDefined();
  expect(screen.getByText(/check the user name and the password/).textContent).toMatch(/tried again .*waits in the mailbox/s);
  expect(screen.getByText("Not read")).toBeDefined();
});

it("says that it is not read yet, and when it was read last", async () => {
  const server = fakeApi({ getMailbox: () => state });
  await show();
  expect(await screen.findByText("Not read yet")).toBeDefined();
  expect(server.calls).toHaveLength(1);
});

it("tells how many mails concerned the workspace", async () => {
  fakeApi({ getMailbox: () => ({ ...state, lastReadAt: new Date().toISOString(), taken: 1_234 }) });
  await show();
  expect(await screen.findByText(/1,234 mails so far concerned/)).toBeDefined();
  expect(screen.getByText("Works")).toBeDefined();
});

it("shows an error where it cannot be asked", async () => {
  fakeApi({
    getMailbox: () => {
      throw new Outage();
    },
  });
  await show();
  expect(await screen.findByRole("button", { name: "Retry" })).toBeDefined();
});
