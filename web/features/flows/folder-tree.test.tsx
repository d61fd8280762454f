import { fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { summary, uuid } from "#test/build-flow.ts";
import { fakeApi, Refusal } from "#test/fake-api.ts";
import { renderUi } from "#test/render.tsx";
import { FlowList } from "./flow-list.tsx";

const folders = [
  { id: uuid(1), name: "Sales", parentId: null },
  { id: uuid(2), name: "Spring", parentId: uuid(1) },
];
const flows = [summary(11, "Welcome", { favourite: true, folderId: uuid(2) }), summary(12, "Winter", { folderId: null })];
const listFlows = () => ({ items: flows, folders });

const show = async ({ canEdit = true, folder, awaited = "Winter" }: { canEdit?: boolean; folder?: string; awaited?: string } = {}) => {
  const onFilter = vi.fn();
  const rendered = await renderUi(
    <FlowList search="" folder={folder} onFilter={onFilter} onOpen={vi.fn()} canEdit={canEdit} menuItems={() => []} />,
  );
  await screen.findByRole("row", { name: awaited });
  return { ...rendered, onFilter };
};
const tree = () => screen.getByRole("tree", { name: "Folders" });
const item = (name: string) => within(tree()).getByRole("treeitem", { name: new RegExp(`^${name}`) });

/** What a browser hands from the place where a drag begins to the place where it ends. */
function carried() {
  const kept = new Map<string, string>();
  return {
    effectAllowed: "",
    dropEffect: "",
    get types() {
      return [...kept.keys()];
    },
    setData: (kind: string, text: string) => void kept.set(kind, text),
    getData: (kind: string) => kept.get(kind) ?? "",
  };
}
function drag(name: string, onto: string) {
  const dataTransfer = carried();
  fireEvent.dragStart(screen.getByText(name), { dataTransfer });
  const isTaken = !fireEvent.dragOver(item(onto), { dataTransfer });
  if (isTaken) fireEvent.drop(item(onto), { dataTransfer });
  return isTaken;
}

beforeEach(() => {
  localStorage.setItem("flows-tree", "shown");
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1600);
});
afterEach(() => {
  localStorage.clear();
  vi.restoreAllMocks();
});

test("who may only read sees the tree and moves nothing", async () => {
  fakeApi({ listFlows });
  await show({ canEdit: false });
  expect(drag("Winter", "Sales")).toBe(false);
});

test("a move that is refused is told with its reason", async () => {
  fakeApi({
    listFlows,
    moveFlow: () => {
      throw new Refusal("folder_not_found", "This folder is gone.");
    },
  });
  await show();
  expect(drag("Winter", "Sales")).toBe(true);
  expect(await screen.findByText("“Winter” was not moved")).toBeDefined();
  expect(screen.getByText("This folder is gone.")).toBeDefined();
});

test("a flow is dragged into a folder, out of all of them, and back again", async () => {
  const { calls } = fakeApi({ listFlows, moveFlow: ({ body: { folderId } }) => ({ folderId }) });
  const { user } = await show();
  drag("Winter", "Spring");
  expect(await screen.findByText("“Winter” is in “Sales / Spring” now")).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  drag("Welcome", "In no folder");
  expect(await screen.findByText("“Welcome” is in no folder now")).toBeDefined();
  // It is there already.
  drag("Welcome", "Spring");
  const moves = calls.filter(({ id }) => id === "moveFlow").map(({ body }) => body);
  expect(moves).toEqual([{ folderId: uuid(2) }, { folderId: null }, { folderId: null }]);
});

test("nothing can be dropped where no folder is, and nothing else than a flow", async () => {
  fakeApi({ listFlows });
  await show();
  for (const name of ["All flows", "Your favourites", "Archived", "Deleted"]) expect(drag("Winter", name)).toBe(false);
  expect(fireEvent.dragOver(item("Sales"), { dataTransfer: { ...carried(), types: ["Files"] } })).toBe(true);
});

test("the arrows lead through the tree, close and open a folder, and Enter shows it", async () => {
  fakeApi({ listFlows });
  const { user, onFilter } = await show({ folder: uuid(1), awaited: "Welcome" });
  const sales = item("Sales");
  expect(sales.getAttribute("aria-selected")).toBe("true");
  expect(sales.textContent).toContain(", 1 flow");
  sales.focus();
  await user.keyboard("{ArrowLeft}");
  expect(sales.getAttribute("aria-expanded")).toBe("false");
  expect(within(tree()).queryByRole("treeitem", { name: /^Spring/ })).toBeNull();
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(document.activeElement).toBe(item("Spring"));
  await user.keyboard("{ArrowLeft}");
  expect(document.activeElement).toBe(item("Sales"));
  await user.keyboard("{End}{Home}{ArrowDown}{Enter}");
  expect(onFilter).toHaveBeenLastCalledWith({ search: "", folder: "favourites" });
});

test("the tree is put away and comes back, and the choice of a folder stays either way", async () => {
  fakeApi({ listFlows });
  const { user } = await show();
  await user.click(screen.getByRole("button", { name: "Hide the tree of folders" }));
  expect(screen.queryByRole("tree")).toBeNull();
  expect(screen.getByRole("combobox", { name: "Folder" })).toBeDefined();
  await user.click(screen.getByRole("button", { name: "Show folders as a tree" }));
  expect(tree()).toBeDefined();
});
