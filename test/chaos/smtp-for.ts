import type { SmtpSink } from "../smtp-sink.ts";
import type { Stage } from "./stage.ts";

/** Sends this workspace's mail to the sink, at this address or at the sink's own. */
export async function sendMailTo(
  { db, workspaceId }: Stage,
  at: { host?: string; port: number; security?: "none" | "starttls" },
): Promise<void> {
  const settings = {
    host: at.host ?? "127.0.0.1",
    port: at.port,
    security: at.security ?? "none",
    fromName: "Sluice",
    fromAddress: "sender@example.test",
  };
  await db
    .insertInto("providers")
    .values({ workspace_id: workspaceId, channel: "email", provider: "smtp", settings: JSON.stringify(settings) })
    .execute();
}

/** The Message-IDs of the mails that arrived. A message keeps its id however often it is sent. */
export async function arrivedIds({ accepted }: SmtpSink): Promise<string[]> {
  return Promise.all(accepted.map(async (mail) => (await mail.parse()).messageId ?? "none"));
}
