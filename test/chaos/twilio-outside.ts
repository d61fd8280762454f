import { startFakeTwilio } from "../fake-twilio.ts";
import type { TwilioAccount } from "../twilio-provider.ts";
import type { Random } from "./random.ts";

interface Given {
  random: Random;
  latency(): number;
  /** A message has arrived, with our id of it. */
  onArrival(id: string, to: string): void;
}

/** Twilio as it is on a bad day: reports come late, doubled and out of order, and of one message in ten none comes. */
export async function twilioOutside({ random, latency, onArrival }: Given): Promise<TwilioAccount> {
  const fake = await startFakeTwilio({
    answer: () => ({ kind: "accept", afterMs: latency() }),
    course: () => ({ statuses: reports(random), everyMs: random.between(20, 400) }),
    onArrival: ({ statusCallback, to }) =>
      onArrival(new URL(statusCallback ?? "none:").searchParams.get("message") ?? "an unknown SMS", to),
  });
  const { url, accountSid, authToken } = fake;
  return { url, accountSid, authToken };
}

function reports(random: Random): string[] {
  const usual = ["queued", "sending", "sent", "delivered"];
  const drawn = random.next();
  if (drawn < 0.1) return [];
  if (drawn < 0.3) return ["delivered", "queued", "sent", "sent", "delivered"];
  return drawn < 0.5 ? usual.flatMap((status) => [status, status]) : usual;
}
