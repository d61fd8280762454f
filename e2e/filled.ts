import { expect } from "@playwright/test";
import { startSmtpSink } from "../test/smtp-sink.ts";
import { call } from "./product.ts";

/** A flow that sends one e-mail. */
const oneEmail = {
  nodes: [
    { id: "start", type: "start", data: {} },
    { id: "mail", type: "send_email", data: { config: { subject: "Hello", text: "Hello" } } },
    { id: "end", type: "end", data: {} },
  ],
  edges: [
    { id: "1", source: "start", target: "mail" },
    { id: "2", source: "mail", target: "end" },
  ],
};

interface Sent {
  send: { id: string; active: number; state: string };
}

/**
 * Sends one e-mail to one new contact, by a mail server that refuses the recipient with this answer. Afterwards the
 * workspace keeps its messages here again.
 */
export async function sendAndBeRefused(contact: { firstname: string; email: string }, answer: string) {
  const sink = await startSmtpSink({ onRecipient: () => answer });
  try {
    const settings = { host: "127.0.0.1", port: sink.port, security: "none", fromAddress: "us@example.com" };
    await call("/api/providers/email", { provider: "smtp", settings }, "PUT");
    const flow = await call<{ id: string }>("/api/flows", { name: `A greeting for ${contact.firstname}`, ...oneEmail });
    const { id: contactId } = await call<{ id: string }>("/api/contacts", contact);
    const { send } = await call<Sent>("/api/sends", { flowId: flow.id, selection: { type: "ids", ids: [contactId] } });
    await expect
      .poll(async () => (await call<Sent["send"]>(`/api/sends/${send.id}`)).active, { message: "nobody is left under way" })
      .toBe(0);
    return { flowId: flow.id, contactId, sendId: send.id };
  } finally {
    await call("/api/providers/email", { provider: "capture" }, "PUT");
    await sink.stop();
  }
}
