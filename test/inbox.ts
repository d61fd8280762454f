import { randomUUID } from "node:crypto";
import type { Db } from "#db/client.ts";
import type { TestApp } from "./app.ts";

/** Takes away what was sent and written, and the contacts. */
export async function emptyInbox(db: Db, workspaceId: string): Promise<void> {
  await db.deleteFrom("messages").execute();
  await db.deleteFrom("inbound_messages").execute();
  await db.deleteFrom("contacts").where("workspace_id", "=", workspaceId).execute();
}

/** A text message comes in to our workspace, and is acted on. */
export async function textFrom(app: TestApp, from: string, text: string): Promise<void> {
  const message = { kind: "received", providerMessageId: randomUUID(), from, to: "+15550001111", text, files: 0 } as const;
  const { engine } = app.resources;
  await engine.takeInbound({ workspaceId: app.ours.workspaceId, channel: "sms", provider: "fake", events: [message] });
  await engine.inboundIdle();
}
