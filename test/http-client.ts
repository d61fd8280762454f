/** An answer that was read whole: the body parsed if it is JSON, its text unchanged, and the headers. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every route.
  body: any;
  text: string;
  headers: Headers;
}

export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  /** This is sent unchanged instead of `body`. */
  raw?: string | Buffer;
  /** The file of an upload; `body` is its settings. */
  file?: string | Buffer;
  signal?: AbortSignal;
}

/** Talks to the app as one caller: without credentials, with a cookie, or with an API key. */
export interface Client {
  get(path: string, ask?: Ask): Promise<Answer>;
  post(path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  put(path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  patch(path: string, body?: unknown, ask?: Ask): Promise<Answer>;
  delete(path: string, ask?: Ask): Promise<Answer>;
  request(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** The raw answer, for streams and downloads. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The headers that this caller sends with every request. */
  headers: Record<string, string>;
  /** The same caller with more headers, such as X-Workspace-Id or Idempotency-Key. */
  with(headers: Record<string, string>): Client;
}

export function createClient(url: string, headers: Record<string, string> = {}): Client {
  const request = async (method: string, path: string, ask: Ask = {}): Promise<Answer> => {
    const body = bodyOf(ask);
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...headers,
        ...(body === undefined || body instanceof FormData ? {} : { "content-type": "application/json" }),
        ...ask.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
    const isStream = response.headers.get("content-type")?.includes("event-stream") ?? false;
    const text = isStream ? await firstEvent(response) : await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    return { status: response.status, text, body: isJson && text !== "" ? JSON.parse(text) : undefined, headers: response.headers };
  };
  return {
    headers,
    request,
    get: (path, ask) => request("GET", path, ask),
    post: (path, body, ask) => request("POST", path, { ...ask, body }),
    put: (path, body, ask) => request("PUT", path, { ...ask, body }),
    patch: (path, body, ask) => request("PATCH", path, { ...ask, body }),
    delete: (path, ask) => request("DELETE", path, ask),
    fetch: (path, init) => fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init?.headers as Record<string, string>) } }),
    with: (more) => createClient(url, { ...headers, ...more }),
  };
}

/** What a stream says until its first event. Some never end by themselves. */
async function firstEvent({ body }: Response): Promise<string> {
  let text = "";
  if (!body) return text;
  // Leaving the loop closes the connection.
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (/^data: .*\n\n/m.test(text)) break;
  }
  return text;
}

function bodyOf({ body, raw, file }: Ask): FormData | Uint8Array<ArrayBuffer> | string | undefined {
  if (file !== undefined) {
    const form = new FormData();
    form.set("settings", JSON.stringify(body));
    form.set("file", new Blob([new Uint8Array(Buffer.from(file))]), "contacts.csv");
    return form;
  }
  if (raw !== undefined) return new Uint8Array(Buffer.from(raw));
  return body === undefined ? undefined : JSON.stringify(body);
}

/** The caller that this answer signed in. */
export function signedInBy(url: string, answer: Answer | undefined): Client {
  const cookie = answer?.headers.getSetCookie()[0]?.split(";")[0];
  if (cookie === undefined) throw new Error("This answer set no cookie.");
  return createClient(url, { cookie, origin: url });
}
