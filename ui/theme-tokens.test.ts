import { expect, test } from "vitest";
import { accent, borders, danger, notices, status, surfaces, text } from "./theme-tokens.ts";

type Mode = "_light" | "_dark";
type Pair = Record<Mode, string>;
const modes: Mode[] = ["_light", "_dark"];

/** WCAG 2.2: relative luminance, and the ratio of two. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

interface Meeting {
  what: string;
  front: Pair;
  back: Pair;
  least: number;
}
const meets = (what: string, front: Pair, back: Pair, least: number): Meeting => ({ what, front, back, least });
const readable = 4.5;
const visible = 3;

const meetings: Meeting[] = [
  // Running text stands on every surface, also on a hovered or chosen row.
  ...Object.entries(surfaces).flatMap(([surface, back]) => [
    meets(`fg on bg.${surface}`, text.DEFAULT, back, 7),
    meets(`fg.muted on bg.${surface}`, text.muted, back, readable),
  ]),
  ...(["canvas", "panel", "subtle"] as const).flatMap((surface) => [
    meets(`fg.subtle on bg.${surface}`, text.subtle, surfaces[surface], readable),
    meets(`fg.link on bg.${surface}`, text.link, surfaces[surface], readable),
    meets(`fg.error on bg.${surface}`, text.error, surfaces[surface], readable),
    meets(`border.control on bg.${surface}`, borders.control, surfaces[surface], visible),
    meets(`border.error on bg.${surface}`, borders.error, surfaces[surface], visible),
    meets(`accent.focusRing on bg.${surface}`, accent.focusRing, surfaces[surface], visible),
  ]),
  ...Object.entries(status).flatMap(([name, { DEFAULT, bg }]) => [
    meets(`status.${name} on its own ground`, DEFAULT, bg, readable),
    meets(`status.${name} on bg.panel`, DEFAULT, surfaces.panel, readable),
  ]),
  ...Object.entries(notices).flatMap(([name, { fg, bg }]) => [
    meets(`fg.${name} on bg.${name}`, fg, bg, readable),
    meets(`fg on bg.${name}`, text.DEFAULT, bg, readable),
  ]),
  meets("a primary button", accent.contrast, accent.solid, readable),
  meets("a danger button", danger.contrast, danger.solid, readable),
  meets("accent.fg on accent.subtle", accent.fg, accent.subtle, readable),
  meets("accent.fg on accent.muted", accent.fg, accent.muted, readable),
  meets("fg on accent.subtle", text.DEFAULT, accent.subtle, readable),
  meets("fg.muted on accent.subtle", text.muted, accent.subtle, readable),
  meets("red.fg on red.subtle", danger.fg, danger.subtle, readable),
];

test("every pair of colours that meets on screen has the contrast of WCAG AA, in light and in dark", () => {
  const weak = meetings.flatMap(({ what, front, back, least }) =>
    modes
      .map((mode) => ({ mode, ratio: contrast(front[mode], back[mode]) }))
      .filter(({ ratio }) => ratio < least)
      .map(({ mode, ratio }) => `${what} (${mode.slice(1)}): ${ratio.toFixed(2)}, needs ${least}`),
  );
  expect(weak).toEqual([]);
});

test("the measure is right: black on white is 21, a colour on itself is 1", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21);
  expect(contrast("#0D7282", "#0D7282")).toBe(1);
  expect(contrast("#767676", "#FFFFFF")).toBeCloseTo(4.54, 2);
});
