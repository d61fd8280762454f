import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { api, apiUrl } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { setCurrentWorkspace } from "./current-workspace.ts";

const caught = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
};
const answer = (body: string, status: number) => vi.stubGlobal("fetch", async () => new Response(body, { status }));
const id = "0192f000-0000-7000-8000-00000000000a";

afterEach(() => setCurrentWorkspace(null));

describe("a refusal", () => {
  it("is thrown with its code, sentence and every problem", async () => {
    fakeApi({
      claim: () => {
        throw new Refusal("invalid_request", "Two fields are wrong.", [
          { path: "email", message: "Taken" },
          { path: "settings.host", message: "Unknown" },
        ]);
      },
    });
    const body = { token: "t".repeat(20), name: "A", email: "a@example.com", password: "correct horse battery" };
    const error = await caught(api("claim", { body }));
    expect(error).toMatchObject({ code: "invalid_request", status: 400, message: "Two fields are wrong." });
    expect(error.problem("settings.host")).toBe("Unknown");
    expect(error.problem("name")).toBeUndefined();
  });
});

describe("no answer of ours", () => {
  it("is unreachable when nothing answers", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    expect(await caught(api("health"))).toMatchObject({ code: "unreachable", status: 0 });
  });

  it("is unreachable when only the proxy in front answers", async () => {
    answer("<html>502 Bad Gateway</html>", 502);
    expect((await caught(api("health"))).code).toBe("unreachable");
  });

  it("is unreadable when it is a page instead of JSON, whatever its status", async () => {
    answer("<html>Please sign in to the hotel's network</html>", 200);
    expect((await caught(api("health"))).code).toBe("unreadable_answer");
    answer("<html>Forbidden</html>", 403);
    expect((await caught(api("health"))).code).toBe("unreadable_answer");
  });

  it("is unreadable when the shape is not the contract's", async () => {
    answer(JSON.stringify({ items: "none" }), 200);
    expect((await caught(api("listFlows"))).code).toBe("unreadable_answer");
  });

  it("is the caller's own abort when the caller gave up", async () => {
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      init.signal?.throwIfAborted();
      return new Response();
    });
    const abort = new AbortController();
    abort.abort();
    await expect(api("health", { signal: abort.signal })).rejects.toHaveProperty("name", "AbortError");
  });
});

describe("a call", () => {
  it("carries the workspace, the key against repeating, the parameters and the body", async () => {
    setCurrentWorkspace("ws-7");
    const fetched = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ success: true, matched: 1, changed: 1 }));
    vi.stubGlobal("fetch", fetched);
    const body = { selection: { type: "ids" as const, ids: [id] }, action: { type: "delete" as const } };
    await api("bulkContacts", { body, idempotencyKey: "once" });
    const [url, init] = fetched.mock.calls[0] as [string, RequestInit];
    const headers = init.headers as Headers;
    expect([url, init.method]).toEqual(["/api/contacts/bulk", "POST"]);
    expect(headers.get("x-workspace-id")).toBe("ws-7");
    expect(headers.get("idempotency-key")).toBe("once");
    expect(JSON.parse(String(init.body))).toEqual(body);
  });

  it("names no workspace where none is needed", async () => {
    setCurrentWorkspace("ws-7");
    const server = fakeApi({ getSession: () => ({ claimed: true, user: null, workspaces: [] }) });
    await api("getSession");
    expect(server.calls[0]?.headers.has("x-workspace-id")).toBe(false);
  });

  it("leaves out what is undefined and escapes the rest", async () => {
    const server = fakeApi({ listMessages: () => ({ items: [], nextCursor: null }) });
    await api("listMessages", { query: { search: "50% & more", channel: undefined } });
    expect(server.calls[0]?.query).toEqual({ search: "50% & more" });
  });
});

describe("an address for what cannot carry a header", () => {
  it("carries the workspace in the query", () => {
    setCurrentWorkspace("ws-7");
    expect(apiUrl("sendEvents", { params: { id } })).toBe(`/api/sends/${id}/events?workspaceId=ws-7`);
    expect(apiUrl("exportContacts", { query: { sort: "name" } })).toBe("/api/contacts/export?workspaceId=ws-7&sort=name");
  });
});
