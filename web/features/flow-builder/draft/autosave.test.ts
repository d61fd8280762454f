import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FlowDraft, FlowDraftPatch } from "#contract/flow-drafts.ts";
import { ApiError, unreachable } from "#web/lib/api-error.ts";
import { createAutosave } from "./autosave.ts";
import type { DraftContent } from "./content.ts";
import { createDraftStore } from "./draft-store.ts";

const sms = (id: string, text: string, more: Record<string, unknown> = {}) => ({
  id,
  type: "send_sms",
  position: { x: 0, y: 0 },
  data: { config: { text, ...more } },
});
const draft = (more: Partial<FlowDraft> = {}): FlowDraft => ({
  flowId: "0198f5a0-0000-7000-8000-0000000000f1",
  isDraft: false,
  revision: "1",
  name: "Flow",
  nodes: [sms("a", "A"), sms("b", "B")],
  edges: [],
  settings: {},
  problems: [],
  live: "live",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
  ...more,
});

/** A server that keeps a draft and refuses what was made on an old revision, as the real one does. */
function server(beginning = draft(), { tells = true } = {}) {
  let now = beginning;
  const saves: FlowDraftPatch[] = [];
  const answer = () => ({ ...now, isDraft: true, updatedByName: "Bea" });
  const put = <Item extends { id: string }>(list: readonly Item[], { put: given, drop }: { put: Item[]; drop: string[] }) => [
    ...list.flatMap((item) => (drop.includes(item.id) ? [] : [given.find(({ id }) => id === item.id) ?? item])),
    ...given.filter(({ id }) => !list.some((item) => item.id === id)),
  ];
  const apply = (patch: FlowDraftPatch) => {
    now = {
      ...now,
      revision: String(Number(now.revision) + 1),
      name: patch.name ?? now.name,
      nodes: put(now.nodes, patch.nodes),
      edges: put(now.edges, patch.edges),
    };
  };
  return {
    saves,
    current: () => now,
    /** Somebody else saves. */
    other: (nodes: DraftContent["nodes"]) => apply({ nodes: { put: nodes, drop: [] }, edges: { put: [], drop: [] } }),
    drop: (id: string) => apply({ nodes: { put: [], drop: [id] }, edges: { put: [], drop: [] } }),
    read: vi.fn(async () => answer()),
    save: vi.fn(async (patch: FlowDraftPatch) => {
      if (patch.baseRevision !== now.revision)
        throw new ApiError("draft_changed", 409, "Bea has saved this flow.", [], undefined, tells ? answer() : undefined);
      saves.push(patch);
      apply(patch);
      const { isDraft, revision, problems, live, liveChanged, updatedAt } = answer();
      return { isDraft, revision, problems, live, liveChanged, updatedAt };
    }),
  };
}

const type = (store: ReturnType<typeof createDraftStore>, id: string, text: string) =>
  store.getState().edit(
    "text",
    (content) => {
      const found = content.nodes.find((node) => node.id === id);
      if (found) found.data.config = { ...found.data.config, text };
    },
    `text ${id}`,
  );

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

describe("a draft saves itself", () => {
  test("a moment after the last edit, once for a sentence, and only what was changed", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    for (const text of ["H", "He", "Hey"]) {
      type(store, "a", text);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(api.saves).toEqual([]);
    expect(store.getState().saving.state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(800);
    expect(api.saves.map(({ nodes }) => nodes.put.map(({ id }) => id))).toEqual([["a"]]);
    expect(store.getState().saving.state).toBe("saved");
    expect(store.getState().history.past).toHaveLength(1);
  });

  test("at the latest after three seconds of typing without a pause", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    for (let count = 0; count < 8; count += 1) {
      type(store, "a", `Text ${count}`);
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(api.saves).toHaveLength(1);
  });

  test("again after no answer came, and tells why it is not saved", async () => {
    const api = server();
    api.save.mockRejectedValueOnce(unreachable());
    const store = createDraftStore(draft());
    createAutosave(store, api);
    type(store, "a", "Changed");
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().saving).toMatchObject({ state: "failed", final: false });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.getState().saving.state).toBe("saved");
  });

  test("and names the step that holds what cannot be stored", async () => {
    const api = server();
    const problems = [{ path: "nodes.put.0.data.config.text", message: "Contains the character NUL, which cannot be stored" }];
    api.save.mockRejectedValueOnce(new ApiError("invalid_request", 400, "The request has a problem.", problems));
    const store = createDraftStore(draft());
    createAutosave(store, api);
    type(store, "b", "Changed\0");
    await vi.advanceTimersByTimeAsync(900);
    const reason = "“Send SMS”: Contains the character NUL, which cannot be stored";
    expect(store.getState().saving).toEqual({ state: "failed", reason, final: true });
  });

  test("not again and again what is refused, until something is changed", async () => {
    const api = server();
    api.save.mockRejectedValueOnce(new ApiError("flow_too_large", 422, "The flow is too large and was not saved."));
    const store = createDraftStore(draft());
    createAutosave(store, api);
    type(store, "a", "Changed");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.save).toHaveBeenCalledTimes(1);
    expect(store.getState().saving).toMatchObject({ state: "failed", final: true });
    type(store, "a", "Shorter");
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().saving.state).toBe("saved");
  });
});

describe("where somebody else has saved", () => {
  test("another step, both changes are kept", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("b", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current().nodes.map(({ data }) => data.config?.text)).toEqual(["Ana", "Bea"]);
    expect(store.getState().content.nodes.map(({ data }) => data.config?.text)).toEqual(["Ana", "Bea"]);
    expect(store.getState().overlaps).toEqual([]);
    expect(store.getState().merged).toEqual({ by: "Bea", steps: ["b"] });
    expect(api.read).not.toHaveBeenCalled();
  });

  test("and the refusal does not tell what there is now, it is read", async () => {
    const api = server(draft(), { tells: false });
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("b", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    expect(api.read).toHaveBeenCalledTimes(1);
    expect(api.current().nodes.map(({ data }) => data.config?.text)).toEqual(["Ana", "Bea"]);
  });

  test("another field of the same step, both changes are kept", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("a", "A", { onError: "continue" })]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current().nodes[0]?.data.config).toEqual({ text: "Ana", onError: "continue" });
    expect(store.getState().overlaps).toEqual([]);
  });

  test("the same field, both are told, and theirs is not written over before one has chosen mine", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("a", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().overlaps).toMatchObject([{ kind: "node", id: "a", mine: sms("a", "Ana"), theirs: sms("a", "Bea"), by: "Bea" }]);
    expect(store.getState().content.nodes[0]?.data.config?.text).toBe("Ana");
    expect(api.current().nodes[0]?.data.config?.text).toBe("Bea");
    expect(store.getState().saving.state).toBe("choosing");
    store.getState().accept({ overlaps: [] });
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current().nodes[0]?.data.config?.text).toBe("Ana");
    expect(store.getState().saving.state).toBe("saved");
  });

  test("the same field, all else goes on being saved, and what they change further is what one chooses from", async () => {
    const api = server();
    const store = createDraftStore(draft());
    const autosave = createAutosave(store, api);
    api.other([sms("a", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    type(store, "b", "Ana too");
    type(store, "a", "Ana, longer");
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current().nodes.map(({ data }) => data.config?.text)).toEqual(["Bea", "Ana too"]);
    expect(autosave.hasUnsaved()).toBe(true);
    api.other([sms("a", "Bea", { onError: "continue" })]);
    type(store, "b", "Ana once more");
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().overlaps).toMatchObject([{ id: "a", theirs: sms("a", "Bea", { onError: "continue" }) }]);
    expect(store.getState().content.nodes[0]?.data.config).toEqual({ text: "Ana, longer", onError: "continue" });
  });

  test("the same field in the end as here, nothing is left to choose", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("a", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    api.other([sms("a", "Ana")]);
    type(store, "b", "B, too");
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState()).toMatchObject({ overlaps: [], saving: { state: "saved" } });
  });

  test("and theirs is taken, nothing is left to save, and that is said", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("a", "Bea")]);
    type(store, "a", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    type(store, "a", "Bea");
    store.getState().accept({ overlaps: [] });
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().saving.state).toBe("saved");
    expect(api.saves).toEqual([]);
  });

  test("a step that they took away and I changed waits with the lines that I drew to it", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.drop("b");
    type(store, "b", "Ana");
    await vi.advanceTimersByTimeAsync(900);
    store.getState().edit("connect", (content) => void content.edges.push({ id: "new", source: "a", target: "b" }));
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current()).toMatchObject({ nodes: [{ id: "a" }], edges: [] });
    store.getState().accept({ overlaps: [] });
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current()).toMatchObject({ nodes: [{ id: "a" }, { id: "b" }], edges: [{ id: "new" }] });
  });

  test("a line that was drawn here to a step that was taken away there is not kept, and one that led nowhere before is", async () => {
    const beginning = draft({ edges: [{ id: "old", source: "a", target: "never there" }] });
    const api = server(beginning);
    const store = createDraftStore(beginning);
    createAutosave(store, api);
    api.drop("b");
    store.getState().edit("connect", (content) => void content.edges.push({ id: "new", source: "a", target: "b" }));
    await vi.advanceTimersByTimeAsync(900);
    expect(api.current()).toMatchObject({ nodes: [{ id: "a" }], edges: [{ id: "old" }] });
    expect(store.getState().content.edges).toHaveLength(1);
  });

  test("a step that was taken away here and changed there comes back", async () => {
    const api = server();
    const store = createDraftStore(draft());
    createAutosave(store, api);
    api.other([sms("a", "Bea")]);
    store.getState().edit("delete", (content) => {
      content.nodes = content.nodes.filter(({ id }) => id !== "a");
    });
    await vi.advanceTimersByTimeAsync(900);
    expect(store.getState().content.nodes.map(({ id }) => id)).toContain("a");
    expect(store.getState().overlaps).toMatchObject([{ id: "a", mine: undefined }]);
  });
});
