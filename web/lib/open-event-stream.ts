import { EventSource as FetchEventSource } from "eventsource";
import { authorization, sendsAccessToken } from "./access-token.ts";

/**
 * Opens a stream of server-sent events. The browser's own EventSource sends our cookie but cannot send an access token;
 * where there is one, the stream is read with fetch, and every connection asks for the token anew, which renews it.
 */
export function openEventStream(url: string): EventSource {
  if (!sendsAccessToken()) return new EventSource(url);
  return new FetchEventSource(new URL(url, window.location.href), {
    fetch: async (address, init) => fetch(String(address), { ...init, headers: { ...init.headers, ...(await authorization()) } }),
  });
}
