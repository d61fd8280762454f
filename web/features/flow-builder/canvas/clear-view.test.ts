import { describe, expect, test } from "vitest";
import { clearView } from "./clear-view.ts";

const frame = { width: 600, height: 400 };
const card = (x: number, y: number) => ({ position: { x, y }, width: 240, height: 68 });

describe("after a branch was folded the view", () => {
  test("stays where all of the drawing is in sight, clear of the buttons over it", () => {
    const view = { x: 100, y: 80, zoom: 1 };
    expect(clearView(view, [card(0, 0), card(0, 120)], frame)).toEqual(view);
  });

  test("moves as little as it takes where a card lies under a button or outside", () => {
    expect(clearView({ x: -40, y: 10, zoom: 1 }, [card(0, 0), card(0, 120)], frame)).toEqual({ x: 24, y: 60, zoom: 1 });
    expect(clearView({ x: 500, y: 300, zoom: 0.5 }, [card(0, 0)], frame)).toEqual({ x: 456, y: 300, zoom: 0.5 });
    expect(clearView({ x: 100, y: 330, zoom: 1 }, [card(0, 0)], frame)).toEqual({ x: 100, y: 272, zoom: 1 });
  });

  test("stays in the direction in which the drawing has no room", () => {
    expect(clearView({ x: -40, y: -900, zoom: 1 }, [card(0, 0), card(0, 2_000)], frame)).toEqual({ x: 24, y: -900, zoom: 1 });
  });
});
