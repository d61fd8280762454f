import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setAccessTokenSource } from "./access-token.ts";
import { openEventStream } from "./open-event-stream.ts";

beforeEach(() => setAccessTokenSource(async () => "fresh"));
afterEach(() => {
  setAccessTokenSource(undefined);
  vi.unstubAllGlobals();
});

/** A server that answers once, with these pieces, and then closes or stays silent. */
function serve(pieces: string[], { status = 200, closes = true } = {}) {
  const asked: { url: string; headers: Headers }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, headers: new Headers(init.headers) });
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        if (closes) controller.close();
        init.signal?.addEventListener("abort", () => closes || controller.error(new DOMException("aborted", "AbortError")));
      },
    });
    return new Response(body, { status, headers: { "Content-Type": "text/event-stream" } });
  });
  return asked;
}

/** Listens until it fails or is told to stop; what was heard, in order. */
function listen(source: EventSource) {
  const heard: string[] = [];
  source.onopen = () => heard.push("open");
  source.onmessage = ({ data }) => heard.push(data);
  source.addEventListener("end", () => heard.push("end"));
  const failed = new Promise<void>((resolve) => {
    source.onerror = () => {
      source.close();
      resolve();
    };
  });
  return { heard, failed };
}

test("a refusal is a failure, without a message", async () => {
  serve(["data: no\n\n"], { status: 401 });
  const { heard, failed } = listen(openEventStream("/events"));
  await failed;
  expect(heard).toEqual([]);
});

test("sends the token of this moment, and hears events in whatever pieces they come", async () => {
  const asked = serve(["retry: 2000\n\n: ping\n\nda", 'ta: {"a":', "1}\n", "\ndata: one\ndata: two\r\n\r\nevent: end\ndata: x\n\n"]);
  const { heard, failed } = listen(openEventStream("/events?workspaceId=w"));
  await failed;
  expect(heard).toEqual(["open", '{"a":1}', "one\ntwo", "end"]);
  expect(asked.map(({ url, headers }) => [new URL(url).pathname + new URL(url).search, headers.get("authorization")])).toEqual([
    ["/events?workspaceId=w", "Bearer fresh"],
  ]);
});

test("closed by its owner it tells of no failure", async () => {
  serve(["data: 1\n\n"], { closes: false });
  const source = openEventStream("/events");
  const { heard, failed } = listen(source);
  await expect.poll(() => heard).toEqual(["open", "1"]);
  source.close();
  // Closing breaks the body off at once, and what follows from it needs no timer.
  await new Promise((turn) => setTimeout(turn));
  expect(await Promise.race([failed, "silent"])).toBe("silent");
});
