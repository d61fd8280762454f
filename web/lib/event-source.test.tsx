import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { renderUi } from "#test/render.tsx";
import { useEventSource } from "./event-source.ts";

const Progress = z.object({ done: z.number(), total: z.number() });
const isLast = (event: z.output<typeof Progress>) => event.done === event.total;

/** The browser's EventSource as far as we use it; the test is the server. */
class FakeEventSource extends EventTarget {
  static made: FakeEventSource[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.made.push(this);
  }
  close() {
    this.closed = true;
  }
}
const connection = () => FakeEventSource.made.at(-1) as FakeEventSource;
const send = (event: unknown) => act(() => connection().onmessage?.({ data: typeof event === "string" ? event : JSON.stringify(event) }));

function Watcher({ url }: { url: string | null }) {
  const { data, state } = useEventSource(url, Progress, { isLast });
  return <output>{`${state} ${data ? `${data.done}/${data.total}` : "-"}`}</output>;
}
const told = () => screen.getByRole("status").textContent;

beforeEach(() => {
  FakeEventSource.made = [];
  vi.stubGlobal("EventSource", FakeEventSource);
});
afterEach(() => vi.useRealTimers());

test("without an address nothing is opened", async () => {
  await renderUi(<Watcher url={null} />);
  expect(FakeEventSource.made).toEqual([]);
});

test("an event that is not understood is passed over", async () => {
  await renderUi(<Watcher url="/events" />);
  act(() => connection().onopen?.());
  send({ done: 1, total: 3 });
  send("not json");
  send({ something: "else" });
  expect(told()).toBe("open 1/3");
});

test("a lost connection is made again, later each time, and keeps what it knew", async () => {
  await renderUi(<Watcher url="/events" />);
  vi.useFakeTimers();
  act(() => connection().onopen?.());
  send({ done: 1, total: 3 });
  act(() => connection().onerror?.());
  expect(told()).toBe("reconnecting 1/3");
  act(() => vi.advanceTimersByTime(500));
  expect(FakeEventSource.made).toHaveLength(2);
  act(() => connection().onerror?.());
  act(() => vi.advanceTimersByTime(500));
  expect(FakeEventSource.made).toHaveLength(2);
  act(() => vi.advanceTimersByTime(500));
  expect(FakeEventSource.made).toHaveLength(3);
  act(() => connection().onopen?.());
  expect(told()).toBe("open 1/3");
});

test("the last event ends it: nothing is opened again", async () => {
  await renderUi(<Watcher url="/events" />);
  vi.useFakeTimers();
  send({ done: 3, total: 3 });
  expect(told()).toBe("ended 3/3");
  expect(connection().closed).toBe(true);
  act(() => vi.advanceTimersByTime(60_000));
  expect(FakeEventSource.made).toHaveLength(1);
});

test("leaving the page closes it", async () => {
  const { unmount } = await renderUi(<Watcher url="/events" />);
  unmount();
  expect(connection().closed).toBe(true);
});
