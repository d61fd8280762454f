import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Ask } from "../http-client.ts";
import { createClient } from "../http-client.ts";

export interface Answered {
  answer: Answer;
  /** How often the connection broke or was refused, so that the result of the request was unknown. */
  broken: number;
  /** How often the answer was to come back later: 409 while the same request is being answered, or 503. */
  putOff: { status: number; times: number }[];
}

/**
 * A client as the documentation asks for one. It sends the same request again until there is an answer that is neither
 * 409 nor 503.
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

/**
 * The header that a browser adds to a request with a cookie. It names which of several web processes the page came
 * from.
 */
export const withOrigin = (headers: Record<string, string>, origin: string): Record<string, string> =>
  headers.cookie === undefined ? headers : { ...headers, origin };
