import { expect, test } from "vitest";
import type { Message } from "#contract/messages.ts";
import { joinLive } from "./live-messages.ts";

const message = (id: string, status: Message["status"] = "sent") => ({ id, status }) as Message;
const told = ({ rows, gap }: ReturnType<typeof joinLive>) => ({ rows: rows.map((row) => `${row.id}:${row.status}`), gap });

test("nothing before: the newest page is all there is", () => {
  expect(told(joinLive([message("b"), message("a")], []))).toEqual({ rows: ["b:sent", "a:sent"], gap: false });
});

test("a new message comes on top, older ones stay below in their order", () => {
  const before = [message("c"), message("b"), message("a")];
  expect(told(joinLive([message("d"), message("c")], before))).toEqual({ rows: ["d:sent", "c:sent", "b:sent", "a:sent"], gap: false });
});

test("what the newest page says of a message is newer than what was known", () => {
  expect(told(joinLive([message("b", "delivered")], [message("b", "sending"), message("a")]))).toEqual({
    rows: ["b:delivered", "a:sent"],
    gap: false,
  });
});

test("more arrived than one page holds: what was loaded before is not shown as if it followed", () => {
  expect(told(joinLive([message("z"), message("y")], [message("b"), message("a")]))).toEqual({ rows: ["z:sent", "y:sent"], gap: true });
});

test("everything was deleted meanwhile: the pages before are not kept", () => {
  expect(told(joinLive([], [message("a")]))).toEqual({ rows: [], gap: true });
});
