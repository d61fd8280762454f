import { act, screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { FlowDraft } from "#contract/flow-drafts.ts";
import type { FlowNode } from "#contract/flows.ts";
import { renderUi } from "#test/render.tsx";
import { createDraftStore } from "./draft/draft-store.ts";
import type { Overlap } from "./draft/merge-drafts.ts";
import { Overlaps } from "./overlaps.tsx";

const sms = (text: string): FlowNode => ({
  id: "a",
  type: "send_sms",
  position: { x: 0, y: 0 },
  data: { label: "Hello", config: { text } },
});
const end: FlowNode = { id: "b", type: "end", position: { x: 0, y: 0 }, data: {} };
const draft: FlowDraft = {
  flowId: "flow",
  isDraft: true,
  revision: "1",
  name: "Flow",
  nodes: [sms("Good morning to you"), end],
  edges: [{ id: "e", source: "a", target: "b" }],
  settings: {},
  problems: [],
  live: "1",
  liveChanged: false,
  updatedAt: null,
  updatedByName: null,
};

async function shown(overlap: Pick<Overlap, "mine" | "theirs" | "by">) {
  const store = createDraftStore(draft);
  store.getState().accept({ overlaps: [{ kind: "node", id: "a", ...overlap }] });
  const ui = await renderUi(<Overlaps store={store} nameOf={() => "Hello"} me="Ada" />);
  return { ...ui, store, alert: within(screen.getByRole("alert")) };
}
const press = (name: string) => screen.getByRole("button", { name });
const texts = (store: ReturnType<typeof createDraftStore>) => store.getState().content.nodes.map(({ data }) => data.config?.text);

describe("what two editors changed differently", () => {
  test("is shown with both sides, word by word, before one chooses; to take theirs can be undone", async () => {
    const { alert, user, store } = await shown({ mine: sms("Good morning to you"), theirs: sms("Good evening to you") });
    expect(alert.getByText("Somebody else has changed “Hello” at the same time.")).toBeDefined();
    expect((await alert.findByText("evening")).closest("ins")).not.toBeNull();
    expect(alert.getByText("morning").closest("del")).not.toBeNull();
    await user.click(press("Take theirs"));
    expect(texts(store)).toContain("Good evening to you");
    expect(screen.queryByRole("alert")).toBeNull();
    store.getState().undo();
    expect(texts(store)).toContain("Good morning to you");
  });

  test("says who saved the other side, and that one’s own other window is not somebody else", async () => {
    const both = { mine: sms("Good morning to you"), theirs: sms("Good evening to you") };
    const other = await shown({ ...both, by: "Bea" });
    expect(other.alert.getByText("Bea has changed “Hello” at the same time.")).toBeDefined();
    other.unmount();
    const own = await shown({ ...both, by: "Ada" });
    expect(own.alert.getByText("You have changed “Hello” in another window at the same time.")).toBeDefined();
    await own.user.click(press("Take what is there"));
    expect(texts(own.store)).toContain("Good evening to you");
  });

  test("is compared with what I have typed since", async () => {
    const { alert, store } = await shown({ mine: sms("Good morning to you"), theirs: sms("Good evening to you") });
    act(() => {
      store.getState().edit("text", (content) => {
        content.nodes = [sms("Good night to you"), end];
      });
    });
    expect((await alert.findByText("night")).closest("del")).not.toBeNull();
  });

  test("stays mine where I keep it", async () => {
    const { user, store } = await shown({ mine: sms("Good morning to you"), theirs: sms("Good evening to you") });
    await user.click(press("Keep mine"));
    expect(texts(store)).toContain("Good morning to you");
    expect(store.getState().overlaps).toEqual([]);
  });

  test("and that one deleted is deleted with its lines, or kept, by buttons that say so, whoever deleted it", async () => {
    for (const overlap of [
      { mine: undefined, theirs: sms("Changed") },
      { mine: sms("Changed"), theirs: undefined },
    ]) {
      const kept = await shown(overlap);
      await kept.user.click(press("Keep it"));
      expect(
        kept.store
          .getState()
          .content.nodes.map(({ id }) => id)
          .toSorted(),
      ).toEqual(["a", "b"]);
      kept.unmount();
      const deleted = await shown(overlap);
      await deleted.user.click(press("Delete it"));
      expect(deleted.store.getState().content).toMatchObject({ nodes: [{ id: "b" }], edges: [] });
      deleted.unmount();
    }
  });
});
