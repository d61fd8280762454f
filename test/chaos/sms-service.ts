import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

/** What a provider of short messages does wrong. Those named "taken" have taken the message before that. */
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
  /** Seconds that a 429 asks to be left alone for. */
  retryAfterSeconds: number;
  /** Milliseconds that an answer takes. */
  latency(): number;
  /** Which fault this call meets, if any; `tries` counts calls for this message, this one included. */
  faultFor(request: SmsRequest, tries: number): SmsFault | undefined;
  /** Whether to take the message and keep the answer back. */
  isHeld(request: SmsRequest): boolean;
  /** The message has arrived; the answer is still to come. `key` is what a provider would tell repetitions by. */
  onArrival(request: SmsRequest, key: string): void;
  onRefusal(request: SmsRequest): void;
}

export interface SmsService {
  url: string;
  stop(): Promise<void>;
}

const slowSeconds = 30;

/** A provider of short messages over HTTP, with an account of what really arrived and the faults of real ones. */
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
    // A caller that dies in the middle of its request is what these tests are about.
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
