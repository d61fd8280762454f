import { expect, test } from "vitest";
import { accent, borders, danger, dots, notices, status, surfaces, text, tones } from "./theme-tokens.ts";

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
  ...Object.entries(dots).flatMap(([name, dot]) => [
    ...Object.entries(surfaces).flatMap(([surface, back]) =>
      surface === "emphasized" ? [] : [meets(`a ${name} dot on bg.${surface}`, dot, back, visible)],
    ),
    meets(`a ${name} dot in a chosen row`, dot, accent.subtle, visible),
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

/** OKLab, in which equal distances look about equally different. */
function oklab(hex: string): [number, number, number] {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
function distance(one: string, other: string): number {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

test("the colours of lead statuses can be told from each other, in light and in dark", () => {
  const names = Object.keys(dots) as (keyof typeof dots)[];
  const alike = names.flatMap((one, index) =>
    names
      .slice(index + 1)
      .flatMap((other) => modes.filter((mode) => distance(dots[one][mode], dots[other][mode]) < 0.1).map((mode) => [one, other, mode])),
  );
  expect(alike).toEqual([]);
  for (const mode of modes) expect(distance(tones.yellow.fg[mode], tones.orange.fg[mode])).toBeGreaterThan(0.1);
});

test("the measure is right: black on white is 21, a colour on itself is 1", () => {
  expect(contrast("#000000", "#FFFFFF")).toBeCloseTo(21);
  expect(contrast("#0D7282", "#0D7282")).toBe(1);
  expect(contrast("#767676", "#FFFFFF")).toBeCloseTo(4.54, 2);
});
