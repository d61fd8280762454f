import { describe, expect, it } from "vitest";
import type { FlowFolder } from "#contract/flow-folders.ts";
import type { FlowSummary } from "#contract/flows.ts";
import { folderChoices, orderFlows } from "./flow-order.ts";

const flow = (name: string, more: Partial<FlowSummary> = {}): FlowSummary => ({
  id: name,
  name,
  folderId: null,
  stepCount: 5,
  canStart: true,
  problemCount: 0,
  channels: ["sms"],
  hasDraft: false,
  active: 0,
  enrolled: 0,
  lastSentAt: null,
  createdAt: "2026-05-01T09:00:00Z",
  updatedAt: "2026-05-01T09:00:00Z",
  archivedAt: null,
  favourite: false,
  openedAt: null,
  ...more,
});
const folders: FlowFolder[] = [
  { id: "sales", name: "Sales", parentId: null },
  { id: "spring", name: "Spring", parentId: "sales" },
  { id: "ring-a", name: "A", parentId: "ring-b" },
  { id: "ring-b", name: "B", parentId: "ring-a" },
];
const names = (flows: FlowSummary[]) => flows.map((each) => each.name);
const all = { search: "", folder: undefined, sort: "name", direction: "asc" } as const;

describe("the list of flows", () => {
  it("finds by any words of the name, whatever case and accents", () => {
    const flows = [flow("Café follow-up"), flow("Welcome Flow")];
    expect(names(orderFlows(flows, folders, { ...all, search: "UP cafe" }))).toEqual(["Café follow-up"]);
    expect(orderFlows(flows, folders, { ...all, search: "nothing" })).toEqual([]);
  });

  it("shows a folder with everything below it, and flows in no folder by themselves", () => {
    const flows = [flow("Loose"), flow("In sales", { folderId: "sales" }), flow("In spring", { folderId: "spring" })];
    expect(names(orderFlows(flows, folders, { ...all, folder: "sales" }))).toEqual(["In sales", "In spring"]);
    expect(names(orderFlows(flows, folders, { ...all, folder: "none" }))).toEqual(["Loose"]);
  });

  it("orders names as people count and breaks ties by name", () => {
    expect(names(orderFlows([flow("Step 10"), flow("step 2"), flow("Step 1")], [], all))).toEqual(["Step 1", "step 2", "Step 10"]);
    const flows = [flow("B", { enrolled: 5 }), flow("A", { enrolled: 5 }), flow("C", { enrolled: 9 })];
    expect(names(orderFlows(flows, [], { ...all, sort: "enrolled", direction: "desc" }))).toEqual(["C", "A", "B"]);
  });

  it("puts what was never sent last when the newest send comes first", () => {
    const flows = [flow("Never"), flow("Sent", { lastSentAt: "2026-05-02T09:00:00Z" })];
    expect(names(orderFlows(flows, [], { ...all, sort: "last_sent", direction: "desc" }))).toEqual(["Sent", "Never"]);
  });

  it("names folders by their path, and survives folders that contain each other", () => {
    expect(folderChoices(folders).map((choice) => choice.label)).toEqual(
      ["A / B", "B / A", "Sales", "Sales / Spring"].sort((a, b) => a.localeCompare(b)),
    );
  });
});

it("one's favourites and what one opened are shelves of their own, the flow that was opened last first", () => {
  const flows = [
    flow("Alpha", { favourite: true, openedAt: "2026-05-01T09:00:00Z" }),
    flow("Beta"),
    flow("Gamma", { openedAt: "2026-05-02T09:00:00Z" }),
  ];
  const on = (folder: string) => names(orderFlows(flows, [], { search: "", folder, sort: "name", direction: "asc" }));
  expect(on("favourites")).toEqual(["Alpha"]);
  expect(on("opened")).toEqual(["Gamma", "Alpha"]);
});
