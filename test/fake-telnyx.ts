import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** How the fake answers one request for a new message; `reset` and `silence` after it has taken the message. */
export type TelnyxAnswer =
  | { kind: "accept" }
  | { kind: "error"; status: number; code?: string; retryAfterSeconds?: number }
  | { kind: "500" | "garbage" | "reset" };

export interface FakeTelnyx {
  url: string;
  apiKey: string;
  /** As the portal shows it. */
  publicKey: string;
  messages: { id: string; body: Record<string, unknown> }[];
  answer(how: (to: string) => TelnyxAnswer): void;
  /** The headers with which Telnyx would call about this body. */
  signed(body: string, at?: number): Record<string, string>;
  stop(): Promise<void>;
}

const known = new Set(["from", "to", "text", "type", "messaging_profile_id", "webhook_url", "use_profile_webhooks"]);

/** Telnyx over HTTP, as strict as it is: a parameter that it does not know is refused. */
export async function startFakeTelnyx(): Promise<FakeTelnyx> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const apiKey = `KEY${randomUUID().replaceAll("-", "")}`;
  const messages: FakeTelnyx["messages"] = [];
  let answerTo = (_to: string): TelnyxAnswer => ({ kind: "accept" });
  const server = createServer(async (request, response) => {
    const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
    const refuse = (status: number, code: string, title: string, headers?: Record<string, string>) =>
      reply(status, { errors: [{ code, title, detail: title }] }, headers);
    const content = await text(request);
    if (request.headers.authorization !== `Bearer ${apiKey}`) return void refuse(401, "10009", "Authentication failed");
    if (request.method === "GET" && request.url?.startsWith("/v2/messaging_profiles")) return void reply(200, { data: [] });
    if (request.method !== "POST" || request.url !== "/v2/messages") return void refuse(404, "10005", "Resource not found");
    const body = JSON.parse(content) as Record<string, unknown>;
    const unknown = Object.keys(body).filter((key) => !known.has(key));
    if (unknown.length > 0) return void refuse(400, "10015", `Unknown parameter ${unknown.join()}`);
    const how = answerTo(String(body.to));
    if (how.kind === "error") {
      const headers: Record<string, string> = how.retryAfterSeconds === undefined ? {} : { "Retry-After": String(how.retryAfterSeconds) };
      if (how.code === undefined) return void response.writeHead(how.status, headers).end("<html>");
      return void refuse(how.status, how.code, "Told by Telnyx", headers);
    }
    const id = randomUUID();
    messages.push({ id, body });
    if (how.kind === "reset") return void request.socket.destroy();
    if (how.kind === "500") return void refuse(500, "10007", "Unexpected error");
    if (how.kind === "garbage") return void response.writeHead(200).end("ok");
    reply(200, { data: { id, record_type: "message", to: [{ phone_number: body.to, status: "queued" }] } });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64"),
    messages,
    answer: (how) => {
      answerTo = how;
    },
    signed: (body, at = Date.now()) => {
      const timestamp = String(Math.floor(at / 1000));
      return {
        "telnyx-timestamp": timestamp,
        "telnyx-signature-ed25519": sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64"),
      };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
