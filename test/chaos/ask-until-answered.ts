import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Ask } from "../http-client.ts";
import { createClient } from "../http-client.ts";

export interface Answered {
  answer: Answer;
  /** How often the connection broke or was refused, so that nobody knew what had become of the request. */
  broken: number;
  /** How often it was told to come back: 409 while the same request is being answered, or 503. */
  putOff: { status: number; times: number }[];
}

/**
 * A client as the documentation asks for one: whatever becomes of a request, it is sent again, the same, until there is
 * an answer that says neither "wait" nor "not now".
 */
export async function postUntilAnswered(
  nextOrigin: () => string | undefined,
  headers: Record<string, string>,
  path: string,
  body: unknown,
  ask: Ask = {},
): Promise<Answered> {
  let broken = 0;
  const putOff = new Map<number, number>();
  for (let tries = 0; tries < 2_000; tries += 1) {
    const origin = nextOrigin();
    const answer =
      origin &&
      (await createClient(origin, withOrigin(headers, origin))
        .post(path, body, ask)
        .catch(() => undefined));
    if (!answer) broken += origin ? 1 : 0;
    else if (answer.status !== 503 && answer.body?.code !== "request_in_progress") {
      return { answer, broken, putOff: [...putOff].map(([status, times]) => ({ status, times })) };
    } else putOff.set(answer.status, (putOff.get(answer.status) ?? 0) + 1);
    await sleep(answer ? Number(answer.headers.get("retry-after") ?? 1) * 1_000 : 25 + Math.min(tries, 20) * 10);
  }
  throw new Error(`${path} was not answered however often it was asked.`);
}

/** What a browser adds to a request that carries a cookie: which of several web processes it has its page from. */
export const withOrigin = (headers: Record<string, string>, origin: string): Record<string, string> =>
  headers.cookie === undefined ? headers : { ...headers, origin };
