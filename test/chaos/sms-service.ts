import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** The faults of an SMS provider. With the faults named "taken" it has accepted the message before. */
export const smsFaults = [
  "taken, no answer",
  "taken, 500",
  "taken, 30 s slow",
  "taken, garbage",
  "taken, empty body",
  "taken, reset",
  "refused, 429",
] as const;
export type SmsFault = (typeof smsFaults)[number];

export const SmsRequest = z.object({ id: z.string(), to: z.string(), text: z.string() });
export type SmsRequest = z.infer<typeof SmsRequest>;

export interface SmsServiceOptions {
  /** For how many seconds a 429 asks to wait. */
  retryAfterSeconds: number;
  /** Milliseconds that an answer takes. */
  latency(): number;
  /** The fault that this call meets, if any. `tries` counts the calls for this message, including this one. */
  faultFor(request: SmsRequest, tries: number): SmsFault | undefined;
  /** Whether to accept the message and hold the answer back. */
  isHeld(request: SmsRequest): boolean;
  /** Called when the message has arrived and before the answer. A provider would recognise repetitions by `key`. */
  onArrival(request: SmsRequest, key: string): void;
  onRefusal(request: SmsRequest): void;
}

export interface SmsService {
  url: string;
  stop(): Promise<void>;
}

const slowSeconds = 30;

/** An SMS provider over HTTP that records what really arrived and has the faults of real ones. */
export async function startSmsService(options: SmsServiceOptions): Promise<SmsService> {
  const tries = new Map<string, number>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sms = SmsRequest.parse(JSON.parse(await text(request)));
    const count = (tries.get(sms.id) ?? 0) + 1;
    tries.set(sms.id, count);
    const fault = options.faultFor(sms, count);
    if (fault === "refused, 429") {
      options.onRefusal(sms);
      response.writeHead(429, { "retry-after": String(options.retryAfterSeconds) }).end();
      return;
    }
    options.onArrival(sms, String(request.headers["idempotency-key"] ?? ""));
    if (options.isHeld(sms) || fault === "taken, no answer") return;
    await sleep(fault === "taken, 30 s slow" ? slowSeconds * 1_000 : options.latency());
    if (fault === "taken, reset") request.socket.resetAndDestroy();
    else if (fault === "taken, 500") response.writeHead(500, { "content-type": "application/json" }).end('{"code":20500}');
    else if (fault === "taken, garbage") response.writeHead(200, { "content-type": "application/json" }).end("<html>Bad gateway");
    else if (fault === "taken, empty body") response.writeHead(200).end();
    else response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ sid: `outside-${sms.id}` }));
  }

  const server = createServer((request, response) => {
    // These tests kill callers in the middle of their requests, so a broken request is expected.
    answer(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
