import { createSystem, defineConfig, type SystemConfig } from "@chakra-ui/react";
import { baseConfig } from "./theme-base.ts";
import { recipes, slotRecipes } from "./theme-recipes.ts";
import { accent, borders, danger, dots, notices, palette, status, surfaces, text, tones } from "./theme-tokens.ts";

type Values = Record<string, { _light: string; _dark: string }>;
/** Chakra wraps each token as { value }. */
const tokens = (values: Values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
const shades = (values: Record<number, string>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

const sans = `"Inter Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif`;

const config = defineConfig({
  globalCss: {
    html: { colorPalette: "accent", bg: "bg.canvas" },
    // On the body and not on <html>: a font size there would shrink every rem, and with it the whole 4-px grid.
    body: { textStyle: "md" },
    "body, #root": { minH: "100dvh" },
    "h1, h2, h3": { textWrap: "balance" },
    ":focus-visible": { outlineColor: "accent.focusRing" },
    // Explaining where a thing came from is worth 150 ms, but not to somebody whom motion makes ill.
    "*, *::before, *::after": {
      _motionReduce: {
        animationDuration: "1ms !important",
        animationIterationCount: "1 !important",
        transitionDuration: "1ms !important",
        scrollBehavior: "auto !important",
      },
    },
  },
  theme: {
    keyframes: { "sluice-flow": { from: { transform: "translateX(-100%)" }, to: { transform: "translateX(340%)" } } },
    tokens: {
      colors: { gray: shades(palette.gray), accent: shades(palette.accent) },
      fonts: { body: { value: sans }, heading: { value: sans } },
      fontSizes: { sm: { value: "0.8125rem" }, md: { value: "0.875rem" }, lg: { value: "1rem" } },
      durations: { fastest: { value: "80ms" }, faster: { value: "120ms" }, fast: { value: "150ms" }, moderate: { value: "180ms" } },
    },
    semanticTokens: {
      colors: {
        bg: {
          DEFAULT: { value: surfaces.panel },
          ...tokens(surfaces),
          error: { value: notices.error.bg },
          warning: { value: notices.warning.bg },
          success: { value: notices.success.bg },
          info: { value: notices.info.bg },
        },
        fg: {
          ...tokens(text),
          warning: { value: notices.warning.fg },
          success: { value: notices.success.fg },
          info: { value: notices.info.fg },
        },
        border: tokens(borders),
        accent: tokens(accent),
        red: tokens(danger),
        tone: Object.fromEntries(Object.entries(tones).map(([name, { fg, bg }]) => [name, tokens({ DEFAULT: fg, bg })])),
        dot: tokens(dots),
        status: Object.fromEntries(Object.entries(status).map(([name, value]) => [name, tokens(value)])),
      },
      // There is one radius; an element inside a rounded one gets a slightly smaller radius.
      radii: { l1: { value: "4px" }, l2: { value: "6px" }, l3: { value: "6px" } },
    },
    textStyles: {
      sm: { value: { fontSize: "sm", lineHeight: "1.25rem" } },
      md: { value: { fontSize: "md", lineHeight: "1.375rem" } },
      lg: { value: { fontSize: "lg", lineHeight: "1.5rem" } },
      title: { value: { fontSize: "1.25rem", lineHeight: "1.75rem", fontWeight: "600", letterSpacing: "-0.012em" } },
      /** Rows of a table. */
      table: { value: { fontSize: "sm", lineHeight: "1.25rem" } },
      /** Column heads, group labels. */
      label: { value: { fontSize: "xs", lineHeight: "1rem", fontWeight: "500" } },
    },
    recipes,
    slotRecipes,
  } as unknown as NonNullable<SystemConfig["theme"]>,
});

export const system = createSystem(baseConfig, config);
