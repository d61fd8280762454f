import { describe, expect, it } from "vitest";
import { toastFoot } from "./toast-foot.ts";

const toasts = { left: 880, right: 1264, height: 70 };
const foot = (kept: { left: number; right: number; top: number; bottom: number }[], shown = toasts) => toastFoot(800, shown, kept);

describe("the place of the toasts", () => {
  it("is the foot of the window where nothing needs it", () => {
    expect(foot([])).toBe(16);
    expect(foot([{ left: 0, right: 800, top: 740, bottom: 800 }])).toBe(16);
    expect(foot([{ left: 900, right: 1000, top: 100, bottom: 150 }])).toBe(16);
  });

  it("is above what stands in the way, and above what is in the way there", () => {
    const bar = { left: 700, right: 1000, top: 730, bottom: 784 };
    const buttons = { left: 800, right: 900, top: 640, bottom: 700 };
    expect(foot([bar])).toBe(78);
    expect(foot([buttons, bar])).toBe(168);
  });

  it("stays within the window where there is no room above", () => {
    expect(foot([{ left: 0, right: 1280, top: 40, bottom: 800 }])).toBe(800 - 70 - 8);
    expect(foot([], { ...toasts, height: 900 })).toBe(16);
  });
});
