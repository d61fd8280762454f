import { act, screen } from "@testing-library/react";
import { useMemo, useState } from "react";
import { expect, it } from "vitest";
import type { FlowNode, FlowProblem } from "#contract/flows.ts";
import { renderUi } from "#test/render.tsx";
import { createActions } from "../actions.ts";
import { createDraftStore, type DraftStore } from "../draft/draft-store.ts";
import { removeSteps } from "../operations/remove.ts";
import { useDraft } from "../use-draft.ts";
import { Outline } from "./outline.tsx";
import { outlineRows } from "./outline-rows.ts";

const step = (id: string, type: string, label?: string, config: Record<string, unknown> = {}): FlowNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config, ...(label !== undefined && { label }) },
});
const line = (source: string, target: string, sourceHandle = "next") => ({ id: `${source}-${target}`, source, target, sourceHandle });

async function draw(problems: readonly FlowProblem[] = []) {
  const nodes = [
    step("s", "start"),
    step("m", "send_sms", "Reminder", { text: "See you" }),
    step("d", "delay", "Later"),
    step("e", "end", "Met", { result: "reached" }),
  ];
  const edges = [line("s", "m"), line("m", "d", "sent"), line("d", "e")];
  const draft = {
    flowId: "f",
    isDraft: true,
    revision: "1",
    name: "F",
    nodes,
    edges,
    settings: {},
    live: "1",
    liveChanged: false,
    problems: [],
  };
  const store = createDraftStore(draft as never);
  await renderUi(<Drawn {...{ store, problems }} />);
  return store;
}

function Drawn({ store, problems }: { store: DraftStore; problems: readonly FlowProblem[] }) {
  const content = useDraft(store, (state) => state.content);
  const rows = useMemo(() => outlineRows(content), [content]);
  const [actions] = useState(() => createActions(store, () => undefined));
  return <Outline {...{ store, rows, problems, actions }} disabled={false} isOnCanvas={() => false} />;
}

/** What a screen reader calls the rows. */
async function spoken(problems: readonly FlowProblem[] = []): Promise<string[]> {
  await draw(problems);
  return screen.getAllByRole("treeitem").map((row) => {
    const by = row.getAttribute("aria-labelledby");
    return (row.getAttribute("aria-label") ?? document.getElementById(by ?? "")?.textContent ?? "").replace(/\s+/g, " ");
  });
}

it("says of a step that its author has named what it is", async () => {
  expect(await spoken()).toEqual([
    "StartMay enter again at any time",
    "Reminder“See you”, Send SMS",
    "LaterNot set up yet, Delay",
    "MetGoal reached, End",
  ]);
});

it("says how many problems and how many warnings a step has", async () => {
  const at = (severity: FlowProblem["severity"], nodeId: string): FlowProblem => ({
    severity,
    code: "no_text" as never,
    message: "It has no text",
    nodeId,
  });
  const rows = await spoken([at("error", "m"), at("warning", "m"), at("warning", "m"), at("warning", "d")]);
  expect(rows[1]).toBe("Reminder“See you”, Send SMS, 1 problem, 2 warnings");
  expect(rows[2]).toBe("LaterNot set up yet, Delay, 1 warning");
});

it("gives the focus to the row above when the one that has it is taken away", async () => {
  const store = await draw();
  act(() => store.getState().reveal("d"));
  expect(document.activeElement?.textContent).toContain("Later");
  const { edit } = store.getState();
  act(() => void edit("delete", (flow) => removeSteps(flow, ["d"])));
  expect(document.activeElement?.textContent).toContain("Reminder");
});
