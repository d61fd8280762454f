import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { bareHost, HostRefused, type LookUp, systemLookUp } from "../host-look-up.ts";
import { AnswerUnreadable, readBody } from "./http-body.ts";
import { checkAddresses, checkUrl, type HttpRules } from "./http-rules.ts";

export interface HttpCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  /** The headers that the author wrote. They may hold secrets, so a redirect to another origin does not carry them. */
  headers: Readonly<Record<string, string>>;
  /** Headers that every host of a redirect may see. */
  openHeaders?: Readonly<Record<string, string>>;
  body?: string;
  /** For the whole call: DNS, connection, redirects and answer. */
  timeoutMs: number;
  /** False: a redirect is an answer like any other. Default: up to three are followed. */
  followsRedirects?: boolean;
}

/**
 * The result of a call; failures are results too and are not thrown. `refused`: no request was sent to this address.
 * `mayHaveLeft`: there was a connection when the call failed, so the other side may have the request and act on it.
 */
export type HttpResult =
  | {
      outcome: "answered";
      status: number;
      body: string;
      /** The answer was longer than the limit, and the rest was not read. */
      isCut: boolean;
      retryAfter: string | undefined;
      headers: readonly { name: string; value: string }[];
      /** Why the body could not be read; it is empty then. */
      unreadable?: string;
    }
  | { outcome: "refused"; message: string }
  | { outcome: "unreachable"; message: string; mayHaveLeft: boolean }
  | { outcome: "timeout"; message: string; mayHaveLeft: boolean };

export interface HttpOptions {
  rules: HttpRules;
  lookUp?: LookUp;
  signal?: AbortSignal;
  /** A certificate authority to trust besides the public ones (PEM). */
  ca?: string;
}

const mostRedirects = 3;

/**
 * Calls an address that a stranger may have written. It checks a literal address in the URL, and every address that DNS
 * gives, inside the look-up of the socket itself: DNS is not asked a second time, so a later answer has no effect. Each
 * call has its own connection, without proxy and cookies, and every redirect is checked like a first address.
 */
export async function guardedRequest(call: HttpCall, options: HttpOptions): Promise<HttpResult> {
  const deadline = AbortSignal.timeout(call.timeoutMs);
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline;
  const way = { mayHaveLeft: false };
  try {
    let leg: Leg = { method: call.method, url: checkUrl(call.url, options.rules), headers: call.headers, body: call.body };
    for (let redirects = 0; ; redirects += 1) {
      const response = await send(leg, call, options, { signal, way });
      const target = call.followsRedirects === false ? undefined : redirectTarget(response, leg.url);
      if (target === undefined) return await toAnswer(response, signal, options.signal);
      response.destroy();
      if (redirects === mostRedirects) return { outcome: "refused", message: `The address leads on more than ${mostRedirects} times.` };
      leg = nextLeg(leg, checkUrl(target, options.rules), response.statusCode ?? 0);
    }
  } catch (error) {
    return toFailure(error, deadline, way);
  }
}

/** How far a call has come. */
interface Way {
  mayHaveLeft: boolean;
}

interface Leg {
  method: HttpCall["method"];
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

function send(
  leg: Leg,
  call: HttpCall,
  options: HttpOptions,
  { signal, way }: { signal: AbortSignal; way: Way },
): Promise<IncomingMessage> {
  const { url, method, body } = leg;
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...call.openHeaders, ...leg.headers, "Accept-Encoding": "identity" };
    if (body !== undefined) headers["Content-Length"] = String(Buffer.byteLength(body));
    const start = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request: ClientRequest = start({
      method,
      headers,
      signal,
      path: `${url.pathname}${url.search}`,
      host: bareHost(url.hostname),
      ...(url.port !== "" && { port: Number(url.port) }),
      // Without an agent no connection is kept open and no proxy of the environment is used.
      agent: false,
      lookup: guardedLookUp(options),
      ...(options.ca !== undefined && { ca: options.ca }),
    });
    // The request is written as soon as there is a connection. Before, nothing of it can have reached the other side.
    request.once("socket", (socket) =>
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        way.mayHaveLeft = true;
      }),
    );
    request.once("response", resolve);
    request.once("error", reject);
    request.end(body);
  });
}

/** The look-up that the socket uses. It connects to the addresses that are checked here. */
function guardedLookUp({ rules, lookUp = systemLookUp }: HttpOptions): LookupFunction {
  return (host, { all }, callback) => {
    lookUp(host).then(
      (addresses) => {
        try {
          checkAddresses(host, addresses, rules);
        } catch (error) {
          callback(error as Error, "", 0);
          return;
        }
        const [first] = addresses;
        if (all) callback(null, addresses);
        else callback(null, first?.address ?? "", first?.family);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}

const leadOn: readonly number[] = [301, 302, 303, 307, 308];

function redirectTarget({ statusCode = 0, headers }: IncomingMessage, from: URL): string | undefined {
  if (!leadOn.includes(statusCode) || headers.location === undefined) return undefined;
  return URL.parse(headers.location, from.href)?.href ?? headers.location;
}

/** Follows a redirect as browsers do, but sends the author's headers only to the same host, port and scheme. */
function nextLeg(leg: Leg, url: URL, status: number): Leg {
  const becomesGet = status === 303 || (leg.method === "POST" && status !== 307 && status !== 308);
  const headers = url.origin === leg.url.origin ? leg.headers : {};
  if (!becomesGet) return { ...leg, url, headers };
  return { url, headers, method: "GET", body: undefined };
}

async function toAnswer(response: IncomingMessage, signal: AbortSignal, stop: AbortSignal | undefined): Promise<HttpResult> {
  const { rawHeaders } = response;
  const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [{ name, value: rawHeaders[index + 1] ?? "" }] : []));
  const answer = { outcome: "answered" as const, status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"], headers };
  try {
    const { text, isCut } = await readBody(response, signal);
    return { ...answer, body: text, isCut };
  } catch (error) {
    if (stop?.aborted) throw error;
    // The other side has acted on the request, so it must not look as if the call had not been made, whatever became of the body.
    response.destroy();
    const unreadable = error instanceof AnswerUnreadable ? error.message : "The answer broke off before its end.";
    return { ...answer, body: "", isCut: false, unreadable };
  }
}

function toFailure(error: unknown, deadline: AbortSignal, { mayHaveLeft }: Way): HttpResult {
  if (error instanceof HostRefused) return { outcome: "refused", message: error.message };
  if (deadline.aborted) return { outcome: "timeout", message: "No complete answer came in time.", mayHaveLeft };
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_INVALID_CHAR" || code === "ERR_UNESCAPED_CHARACTERS" || code === "ERR_INVALID_HTTP_TOKEN") {
    return { outcome: "refused", message: "A header or the address holds a character that cannot stand there." };
  }
  return { outcome: "unreachable", message: words[code] ?? `The call failed${code === "" ? "" : ` (${code})`}.`, mayHaveLeft };
}

/** Socket errors in words for the author of a flow. They never name the address that was tried. */
const words: Record<string, string> = {
  ENOTFOUND: "There is no host of this name.",
  EAI_AGAIN: "The name of the host could not be looked up.",
  ECONNREFUSED: "The host takes no connection on this port.",
  ECONNRESET: "The host broke the connection off.",
  EPIPE: "The host broke the connection off.",
  EHOSTUNREACH: "The host cannot be reached.",
  ENETUNREACH: "The host cannot be reached.",
  ETIMEDOUT: "The host did not take the connection.",
  CERT_HAS_EXPIRED: "The certificate of the host has expired.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate of the host is signed by itself.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The certificate of the host is for another name.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The certificate of the host cannot be verified.",
};
