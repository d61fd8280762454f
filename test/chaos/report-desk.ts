import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { twilioInbound } from "#channels/sms/twilio/inbound.ts";
import type { Engine } from "#engine/engine.ts";
import { type TwilioAccount, twilioSettings } from "../twilio-provider.ts";

/** Where Twilio reports in these tests: what a web process does with its calls, without the rest of one. */
export interface ReportDesk {
  /** The address for the reports of a workspace. */
  urlFor(workspaceId: string): string;
  /** How many calls were taken, and how many were refused. */
  calls: { taken: number; refused: number };
  stop(): Promise<void>;
}

export async function openReportDesk(engine: Pick<Engine, "takeInbound">, twilio: TwilioAccount): Promise<ReportDesk> {
  const calls = { taken: 0, refused: 0 };
  const account = { settings: twilioSettings(twilio), secrets: { authToken: twilio.authToken } };
  let origin = "";

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = { url: `${origin}${request.url}`, headers: request.headers, body: await buffer(request) };
    if (!twilioInbound.verify(call, account)) {
      calls.refused += 1;
      response.writeHead(401).end();
      return;
    }
    const workspaceId = new URL(call.url).pathname.slice(1);
    await engine.takeInbound({ workspaceId, channel: "sms", provider: "twilio", events: twilioInbound.parse(call, account) });
    calls.taken += 1;
    response.writeHead(204).end();
  }

  const server = createServer((request, response) => {
    // Twilio repeats nothing that was answered with an error, so a report that cannot be stored is lost, as in life.
    take(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urlFor: (workspaceId) => `${origin}/${workspaceId}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
