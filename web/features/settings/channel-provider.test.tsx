import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ProviderState } from "#contract/providers.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { ChannelProvider } from "./channel-provider.tsx";

const stored = { host: "smtp.example.com", port: 465, security: "tls" as const, fromName: "", fromAddress: "hello@example.com" };
const smtpState: ProviderState = {
  channel: "email",
  provider: "smtp",
  settings: stored,
  hasSecret: true,
  secretEnds: {},
  updatedAt: "2026-05-01T00:00:00Z",
};
const captureState: ProviderState = {
  channel: "email",
  provider: "capture",
  settings: {},
  hasSecret: false,
  secretEnds: {},
  updatedAt: null,
};
const emailProvider = (state: ProviderState, session = {}) => renderUi(<ChannelProvider channel="email" state={state} />, session);
const newForm = async () => {
  const rendered = await emailProvider(captureState);
  await rendered.user.click(screen.getByRole("radio", { name: /Mail server/ }));
  await screen.findByLabelText("Server");
  return rendered;
};
const storedForm = async () => {
  const rendered = await emailProvider(smtpState);
  await screen.findByLabelText("Server");
  return rendered;
};

describe("the mail server form", () => {
  it("names every field that is missing or wrong, and asks the server nothing", async () => {
    const server = fakeApi({});
    const { user } = await newForm();
    await user.clear(screen.getByLabelText("Port"));
    await user.type(screen.getByLabelText("Sender address"), "nobody");
    await user.click(screen.getByRole("button", { name: "Send e-mail through this server" }));
    const wrong = ["Server", "Port", "Sender address"].map((label) => screen.getByLabelText(label).getAttribute("aria-invalid"));
    expect(wrong).toEqual(["true", "true", "true"]);
    expect(screen.getByText("This is not an e-mail address")).toBeDefined();
    expect(server.calls).toEqual([]);
  });

  it("shows the server's refusal at the field it is about", async () => {
    fakeApi({
      setProvider: () => {
        throw new Refusal("invalid_request", "The settings are refused.", [
          { path: "settings.host", message: "This host is not reachable" },
        ]);
      },
    });
    const { user } = await storedForm();
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    expect(await screen.findByText("This host is not reachable")).toBeDefined();
    expect(screen.getByLabelText("Server").getAttribute("aria-invalid")).toBe("true");
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Server")));
  });

  it("follows the encryption with its usual port, but never changes a port somebody chose", async () => {
    fakeApi({});
    const { user } = await newForm();
    const port = screen.getByLabelText("Port") as HTMLInputElement;
    await user.selectOptions(screen.getByLabelText("Encryption"), "tls");
    expect(port.value).toBe("465");
    await user.clear(port);
    await user.type(port, "2525");
    await user.selectOptions(screen.getByLabelText("Encryption"), "starttls");
    expect(port.value).toBe("2525");
  });

  it("keeps the stored password unless another is typed", async () => {
    const server = fakeApi({ setProvider: () => smtpState, listProviders: () => ({ items: [] }) });
    const { user } = await storedForm();
    expect(screen.queryByLabelText("Password")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    await waitFor(() => expect(server.calls).toHaveLength(1));
    expect(server.calls[0]?.body).toEqual({ provider: "smtp", settings: stored });

    await user.click(screen.getByRole("button", { name: "Replace password" }));
    await user.type(screen.getByLabelText(/^Password/), "secret");
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    await waitFor(() => expect(server.calls).toHaveLength(2));
    expect(server.calls[1]?.body).toMatchObject({ password: "secret" });
  });
});

describe("the mailbox of a mail server", () => {
  const mailbox = { host: "imap.example.com", port: 993, security: "tls" as const, username: "hello@example.com", folder: "INBOX" };
  const unread = { isNamed: true, lastReadAt: null, problem: null, nextAt: null, taken: 0 };

  it("is asked for when somebody wants it read, and begins with what it has in common with the server", async () => {
    const server = fakeApi({ setProvider: () => smtpState, listProviders: () => ({ items: [] }) });
    const { user } = await storedForm();
    expect(screen.queryByLabelText("Mailbox server")).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: /Read bounces and answers/ }));
    expect(
      ["Mailbox server", "Mailbox port", "Mailbox user name"].map((label) => (screen.getByLabelText(label) as HTMLInputElement).value),
    ).toEqual(["imap.example.com", "993", "hello@example.com"]);
    await user.type(screen.getByLabelText(/^Mailbox password/), "secret");
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    await waitFor(() => expect(server.calls).toHaveLength(1));
    expect(server.calls[0]?.body).toEqual({ provider: "smtp", settings: { ...stored, mailbox }, mailboxPassword: "secret" });
  });

  it("names what is missing at its own fields, and forgets it once the field is changed", async () => {
    const server = fakeApi({});
    const { user } = await storedForm();
    await user.click(screen.getByRole("checkbox", { name: /Read bounces and answers/ }));
    await user.clear(screen.getByLabelText("Mailbox server"));
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    expect(screen.getByLabelText("Mailbox server").getAttribute("aria-invalid")).toBe("true");
    expect(screen.getByLabelText("Server").getAttribute("aria-invalid")).not.toBe("true");
    await user.type(screen.getByLabelText("Mailbox server"), "imap.example.com");
    expect(screen.getByLabelText("Mailbox server").getAttribute("aria-invalid")).not.toBe("true");
    expect(server.calls).toEqual([]);
  });

  it("keeps its stored password, tells when it was read, and goes with its password when it is switched off", async () => {
    const server = fakeApi({ setProvider: () => smtpState, listProviders: () => ({ items: [] }), getMailbox: () => unread });
    const { user } = await emailProvider({ ...smtpState, settings: { ...stored, username: "sender", mailbox } });
    await screen.findByLabelText("Mailbox server");
    expect(screen.queryByLabelText(/^Mailbox password/)).toBeNull();
    expect(await screen.findByText("Not read yet")).toBeDefined();
    await user.click(screen.getByRole("checkbox", { name: /Read bounces and answers/ }));
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    await waitFor(() => expect(server.calls.some(({ id }) => id === "setProvider")).toBe(true));
    expect(server.calls.find(({ id }) => id === "setProvider")?.body).toEqual({
      provider: "smtp",
      settings: { ...stored, username: "sender" },
    });
  });
});

describe("a mail server that cannot be used", () => {
  it("is told in plain words before it goes live, and stored only when somebody insists", async () => {
    const server = fakeApi({
      setProvider: ({ query }) => {
        if (query.check === "no") return smtpState;
        throw new Refusal("provider_unavailable", "Nothing answers on this port of the mail server. Nothing was changed.");
      },
      listProviders: () => ({ items: [] }),
    });
    const { user } = await storedForm();
    await user.click(screen.getByRole("button", { name: "Save mail server" }));
    expect(await screen.findByText(/Nothing answers on this port/)).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Save anyway" }));
    await waitFor(() =>
      expect(server.calls.filter(({ id }) => id === "setProvider").map(({ query }) => query)).toEqual([{ check: "yes" }, { check: "no" }]),
    );
  });

  it("is tried with what is typed, before it is stored", async () => {
    const server = fakeApi({ testProvider: () => ({ success: true, messageId: "m", message: "Sent to ada@example.com." }) });
    const { user } = await storedForm();
    await user.clear(screen.getByLabelText("Sender address"));
    await user.type(screen.getByLabelText("Sender address"), "typed@example.com");
    await user.click(screen.getByRole("button", { name: "Send test message" }));
    const dialog = await screen.findByRole("dialog", { name: "Send a test e-mail" });
    await user.click([...dialog.querySelectorAll("button")].find((button) => button.textContent === "Send test message") as HTMLElement);
    expect(await screen.findByText("Sent to ada@example.com.")).toBeDefined();
    expect(server.calls[0]?.body).toMatchObject({ using: { provider: "smtp", settings: { fromAddress: "typed@example.com" } } });
  });
});

describe("how e-mail leaves", () => {
  it("is not a viewer's or editor's to change", async () => {
    fakeApi({});
    await emailProvider(smtpState, { role: "editor" });
    expect(screen.queryAllByRole("button")).toEqual([]);
    for (const choice of screen.getAllByRole("radio")) expect((choice as HTMLInputElement).disabled).toBe(true);
  });

  it("stops only after a confirmation", async () => {
    const server = fakeApi({ setProvider: () => captureState, listProviders: () => ({ items: [captureState] }) });
    const { user } = await emailProvider(smtpState);
    await user.click(screen.getByRole("radio", { name: /Test mode/ }));
    await user.click(screen.getByRole("button", { name: "Test mode: stop real e-mail" }));
    expect(server.calls).toEqual([]);
    const dialog = await screen.findByRole("alertdialog", { name: "Stop sending e-mail?" });
    await user.click(
      [...dialog.querySelectorAll("button")].find((button) => button.textContent === "Test mode: stop real e-mail") as HTMLElement,
    );
    await waitFor(() => expect(server.calls[0]?.body).toEqual({ provider: "capture" }));
  });

  it("tells the mail server's own words when a test message is refused", async () => {
    fakeApi({
      testProvider: () => {
        throw new Refusal("provider_refused", "The mail server refused the sign-in: 535 Authentication failed.");
      },
    });
    const { user } = await emailProvider(smtpState);
    await user.click(await screen.findByRole("button", { name: "Send test message" }));
    const dialog = await screen.findByRole("dialog", { name: "Send a test e-mail" });
    await user.click([...dialog.querySelectorAll("button")].find((button) => button.textContent === "Send test message") as HTMLElement);
    expect(await screen.findByText(/535 Authentication failed/)).toBeDefined();
    expect(screen.getByRole("dialog")).toBeDefined();
  });
});
