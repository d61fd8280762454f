import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useLastShown } from "./use-last-shown.ts";

interface Target {
  id: string;
  text: string;
}
const ada: Target = { id: "1", text: "Ada" };
const follow = (first: Target | null) =>
  renderHook(({ target }: { target: Target | null }) => useLastShown(target, ({ id }) => id), { initialProps: { target: first } });

it("shows nothing before the first target", () => {
  expect(follow(null).result.current).toMatchObject({ shown: null, opening: 0 });
});

it("keeps what it showed while it closes", () => {
  const { result, rerender } = follow(ada);
  act(() => rerender({ target: null }));
  expect(result.current).toMatchObject({ shown: ada, opening: 1 });
});

it("counts an opening for another target and for the same one again, not for a newer state of it", () => {
  const { result, rerender } = follow(ada);
  act(() => rerender({ target: { ...ada, text: "Ada L." } }));
  expect(result.current).toMatchObject({ shown: { text: "Ada L." }, opening: 1 });
  act(() => rerender({ target: null }));
  act(() => rerender({ target: ada }));
  expect(result.current.opening).toBe(2);
  act(() => rerender({ target: { id: "2", text: "Grace" } }));
  expect(result.current).toMatchObject({ shown: { text: "Grace" }, opening: 3 });
});
