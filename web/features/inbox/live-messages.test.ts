import { expect, test } from "vitest";
import type { Message } from "#contract/messages.ts";
import { joinLive } from "./live-messages.ts";

const message = (id: string, status: Message["status"] = "sent") => ({ id, status }) as Message;
const told = ({ rows, gap }: ReturnType<typeof joinLive>) => ({ rows: rows.map((row) => `${row.id}:${row.status}`), gap });

test("nothing before: the newest page is all there is", () => {
  expect(told(joinLive([message("b"), message("a")], [], false))).toEqual({ rows: ["b:sent", "a:sent"], gap: false });
});

test("a new message comes on top, older ones stay below in their order", () => {
  const before = [message("c"), message("b"), message("a")];
  expect(told(joinLive([message("d"), message("c")], before, false))).toEqual({
    rows: ["d:sent", "c:sent", "b:sent", "a:sent"],
    gap: false,
  });
});

test("what the newest page says of a message is newer than what was known", () => {
  expect(told(joinLive([message("b", "delivered")], [message("b", "sending"), message("a")], false))).toEqual({
    rows: ["b:delivered", "a:sent"],
    gap: false,
  });
});

test("more arrived than one page holds: what was loaded before is not shown as if it followed", () => {
  expect(told(joinLive([message("z"), message("y")], [message("b"), message("a")], false))).toEqual({
    rows: ["z:sent", "y:sent"],
    gap: true,
  });
});

test("everything was deleted meanwhile: the pages before are not kept", () => {
  expect(told(joinLive([], [message("a")], false))).toEqual({ rows: [], gap: true });
});

test("a page that ends short looked far enough: what was found further down stays, also where the page is empty", () => {
  const before = [message("b"), message("a")];
  expect(told(joinLive([], before, true))).toEqual({ rows: ["b:sent", "a:sent"], gap: false });
  expect(told(joinLive([message("c")], before, true))).toEqual({ rows: ["c:sent", "b:sent", "a:sent"], gap: false });
});
