/**
 * The colours, as data: the theme is built from these, and a test computes the contrast of every pair that meets on
 * screen. Features name the meaning (`fg.muted`, `status.waiting`), never a colour.
 */
export const palette = {
  gray: {
    50: "#F7F8FA",
    100: "#EFF1F4",
    200: "#E1E5EA",
    300: "#CBD1D9",
    400: "#99A2AE",
    500: "#6A7380",
    600: "#535C69",
    700: "#3C444F",
    800: "#272D36",
    900: "#181C22",
    950: "#0E1116",
  },
  accent: {
    50: "#EAF8F9",
    100: "#CFF0F3",
    200: "#A2E1E7",
    300: "#68CCD6",
    400: "#36B1BF",
    500: "#16909F",
    600: "#0D7282",
    700: "#0F5B68",
    800: "#134A55",
    900: "#123C46",
    950: "#0A2730",
  },
} as const;

type Pair = { _light: string; _dark: string };
const pair = (light: string, dark: string): Pair => ({ _light: light, _dark: dark });

export const surfaces = {
  /** The rail and whatever lies behind the page. */
  canvas: pair("#F7F8FA", "#0B0D11"),
  /** The page itself, dialogs, menus. */
  panel: pair("#FFFFFF", "#12151A"),
  /** Table heads, hovered rows, quiet boxes. */
  subtle: pair("#F7F8FA", "#191D23"),
  muted: pair("#EFF1F4", "#20252D"),
  emphasized: pair("#E1E5EA", "#2C333D"),
} as const;

export const text = {
  DEFAULT: pair("#14181E", "#ECEFF3"),
  muted: pair("#535C69", "#A3ACB8"),
  subtle: pair("#666F7C", "#8B95A3"),
  link: pair("#0F5B68", "#68CCD6"),
  error: pair("#B3261E", "#FF9A92"),
} as const;

export const borders = {
  DEFAULT: pair("#E1E5EA", "#272D36"),
  muted: pair("#EFF1F4", "#1E232A"),
  emphasized: pair("#CBD1D9", "#3C444F"),
  /** Around what can be typed into or ticked: seen by everyone (3:1). */
  control: pair("#858E9B", "#67717F"),
  error: pair("#B3261E", "#FF9A92"),
} as const;

interface Tone {
  fg: Pair;
  bg: Pair;
}
export const tones = {
  grey: { fg: pair("#535C69", "#A9B2BE"), bg: pair("#EFF1F4", "#22272F") },
  yellow: { fg: pair("#6B5A00", "#F2DD4E"), bg: pair("#FFF3AE", "#2E2A08") },
  blue: { fg: pair("#1B53B0", "#93BCFF"), bg: pair("#E6EFFC", "#142547") },
  orange: { fg: pair("#A84300", "#FF9F4A"), bg: pair("#FFE4C8", "#3A2108") },
  green: { fg: pair("#156638", "#71D89C"), bg: pair("#E2F5E9", "#0E2B1B") },
  redOrange: { fg: pair("#A83410", "#FF9D7B"), bg: pair("#FDE9E1", "#371B10") },
  red: { fg: pair("#B3261E", "#FF938B"), bg: pair("#FCE9E7", "#3A1615") },
} as const satisfies Record<string, Tone>;
export type ToneName = keyof typeof tones;

/**
 * The dots of the colours that a person may give to a lead status. They are no text, so they need less contrast and can be
 * told from each other at a glance.
 */
export const dots = {
  grey: pair("#6A7380", "#A9B2BE"),
  blue: pair("#1B6FE0", "#6BA4FF"),
  green: pair("#1A8A4A", "#5FD08F"),
  yellow: pair("#A08600", "#F2DD4E"),
  orange: pair("#E05A00", "#FF9638"),
  red: pair("#C4162A", "#FF7A80"),
} as const;

/** Every state of an execution, step, message and send, in one list: one word has one colour everywhere. */
export const statusTones = {
  pending: "yellow",
  scheduled: "yellow",
  running: "blue",
  waiting: "orange",
  completed: "green",
  failed: "red",
  cancelled: "grey",
  partial_failure: "redOrange",
  skipped: "grey",
  queued: "yellow",
  sending: "blue",
  sent: "green",
  captured: "grey",
  delivered: "green",
  undelivered: "red",
  unknown: "orange",
  held: "orange",
  enrolling: "blue",
  canary: "blue",
  paused: "orange",
  stopped: "grey",
  undone: "grey",
  done: "green",
} as const satisfies Record<string, ToneName>;
export type StatusName = keyof typeof statusTones;

export const status = Object.fromEntries(
  Object.entries(statusTones).map(([name, tone]) => [name, { DEFAULT: tones[tone].fg, bg: tones[tone].bg }]),
) as Record<StatusName, { DEFAULT: Pair; bg: Pair }>;

/** The quiet boxes that say how something went. */
export const notices = { info: tones.blue, success: tones.green, warning: tones.orange, error: tones.red } as const;

export const accent = {
  solid: pair(palette.accent[600], palette.accent[400]),
  contrast: pair("#FFFFFF", palette.gray[950]),
  fg: pair(palette.accent[700], palette.accent[300]),
  subtle: pair(palette.accent[50], palette.accent[950]),
  muted: pair(palette.accent[100], palette.accent[900]),
  emphasized: pair(palette.accent[200], palette.accent[800]),
  border: pair(palette.accent[300], palette.accent[700]),
  focusRing: pair(palette.accent[600], palette.accent[400]),
} as const;

export const danger = {
  solid: pair("#B3261E", "#FF938B"),
  contrast: pair("#FFFFFF", "#2A0B0A"),
  fg: tones.red.fg,
  subtle: tones.red.bg,
  muted: pair("#F8D6D3", "#4C1E1C"),
  emphasized: pair("#F1B7B2", "#662724"),
  border: pair("#E59A94", "#7C302C"),
  focusRing: pair("#B3261E", "#FF938B"),
} as const;
