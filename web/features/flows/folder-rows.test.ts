import { expect, test } from "vitest";
import { summary, uuid } from "#test/build-flow.ts";
import { folderRows } from "./folder-rows.ts";

const folder = (n: number, name: string, parent?: number) => ({
  id: uuid(n),
  name,
  parentId: parent === undefined ? null : uuid(parent),
});
const folders = [folder(1, "Sales"), folder(2, "Spring", 1), folder(3, "Care"), folder(4, "Gone with its parent", 9)];
const flows = [summary(11, "A", { folderId: uuid(1) }), summary(12, "B", { folderId: uuid(2) }), summary(13, "C", { folderId: null })];
const told = (closed: number[] = []) =>
  folderRows(folders, flows, new Set(closed.map(uuid))).map(
    ({ folder: { name }, level, position, siblings, flows: count }) => `${level} ${name} ${position}/${siblings} ${count}`,
  );

test("folders stand in their parents by name, and count the flows inside of them too", () => {
  expect(told()).toEqual(["1 Care 1/3 0", "1 Gone with its parent 2/3 0", "1 Sales 3/3 2", "2 Spring 1/1 1"]);
});

test("what stands in a closed folder is left out, and still counted", () => {
  expect(told([1])).toEqual(["1 Care 1/3 0", "1 Gone with its parent 2/3 0", "1 Sales 3/3 2"]);
});

test("folders that lead round in a ring end the tree, and not the page", () => {
  const ring = [folder(1, "One", 2), folder(2, "Two", 1), folder(3, "Three")];
  expect(folderRows(ring, [], new Set()).map(({ folder: { name } }) => name)).toEqual(["Three"]);
});
