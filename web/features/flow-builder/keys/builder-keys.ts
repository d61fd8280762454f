// Every key of the builder stands here once: what is pressed is looked up in these lists, and the sheet of keys is drawn from
// them. `Mod` is Ctrl, or ⌘ on a Mac.

export interface BuilderKey {
  /** Each of them does it: "A", "Shift+F8", "Mod+Z". */
  keys: readonly string[];
  words: string;
  /** It works also while somebody types. */
  inFields?: true;
}
type KeyList = Readonly<Record<string, BuilderKey>>;

/** On a row of the outline. They are for the steps, so each of them is carried out in outline/outline-keys.ts. */
export const rowKeys = {
  previous: { keys: ["ArrowUp"], words: "The row above" },
  next: { keys: ["ArrowDown"], words: "The row below" },
  first: { keys: ["Home"], words: "The first row" },
  last: { keys: ["End"], words: "The last row" },
  fold: { keys: ["ArrowLeft"], words: "Fold the branch, or go to what the row belongs to; on the canvas, to the branch at the left" },
  unfold: { keys: ["ArrowRight"], words: "Unfold the branch, or go into it; on the canvas, to the branch at the right" },
  turnFold: { keys: ["F"], words: "Fold the branch, or all branches of the step; again: unfold" },
  open: { keys: ["Enter", "F2"], words: "Open the step at its name; at the end of a way add one" },
  back: { keys: ["Escape"], words: "Back: from the settings to the step, from a selection to none" },
  add: { keys: ["A", "/"], words: "Add a step behind this one" },
  addBefore: { keys: ["Shift+A"], words: "Add a step before this one" },
  continueAt: { keys: ["C"], words: "Let a branch continue at another step" },
  move: { keys: ["M"], words: "Move the step, with its branches up to where they meet" },
  moveWhole: { keys: ["Shift+M"], words: "Move it with all that it alone leads to" },
  replace: { keys: ["R"], words: "Replace with a step of another type" },
  lineNote: { keys: ["Shift+N"], words: "Write a note on the line that leaves here" },
  switchOff: { keys: ["X"], words: "Switch off or on" },
  duplicate: { keys: ["Mod+D"], words: "Duplicate" },
  remove: { keys: ["Delete", "Backspace"], words: "Delete" },
  select: { keys: ["Space"], words: "Select the step, or let it go" },
  selectUp: { keys: ["Shift+ArrowUp"], words: "Select upwards" },
  selectDown: { keys: ["Shift+ArrowDown"], words: "Select downwards" },
  selectAll: { keys: ["Mod+A"], words: "Select the branch; again: all steps" },
} as const satisfies KeyList;

/** The browser knows these itself and sends an event of their name. */
export const clipboardKeys = {
  copy: { keys: ["Mod+C"], words: "Copy the selected steps" },
  cut: { keys: ["Mod+X"], words: "Cut them out" },
  paste: { keys: ["Mod+V"], words: "Paste behind this step, also from another flow" },
} as const satisfies KeyList;

export const flowKeys = {
  undo: { keys: ["Mod+Z"], words: "Take back" },
  redo: { keys: ["Mod+Shift+Z", "Mod+Y"], words: "Do again" },
  save: { keys: ["Mod+S"], words: "Save now; it saves itself anyway" },
  simulate: { keys: ["Mod+Enter"], words: "Simulate", inFields: true },
  find: { keys: ["Mod+F"], words: "Find and replace", inFields: true },
  problems: { keys: ["P"], words: "Show the problems, or put them away" },
  nextProblem: { keys: ["F8"], words: "The next problem", inFields: true },
  previousProblem: { keys: ["Shift+F8"], words: "The problem before", inFields: true },
  outline: { keys: ["O"], words: "The outline alone, or both views" },
  help: { keys: ["?"], words: "Show these keys" },
} as const satisfies KeyList;

export const drawingKeys = {
  zoomIn: { keys: ["+", "="], words: "Larger" },
  zoomOut: { keys: ["-"], words: "Smaller" },
  showAll: { keys: ["0"], words: "Show all" },
  fullSize: { keys: ["1"], words: "Full size" },
} as const satisfies KeyList;

export type RowKey = keyof typeof rowKeys;
export type FlowKey = keyof typeof flowKeys;

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Which of a list of keys is pressed. */
export function keyIn<Name extends string>(list: Readonly<Record<Name, BuilderKey>>, pressed: Pressed): Name | undefined {
  return (Object.keys(list) as Name[]).find((name) => list[name].keys.some((key) => fits(key, pressed)));
}

/** The parts of a key: ["Mod", "Shift", "Z"]. */
export const partsOf = (key: string): string[] => [...key.matchAll(/(?:Mod|Shift)(?=\+.)|(?<=^|\+)[^+]+$|(?<=^|\+)\+$/g)].map(String);

function fits(key: string, { key: given, ctrlKey, metaKey, altKey, shiftKey }: Pressed): boolean {
  const parts = partsOf(key);
  const last = parts.at(-1) as string;
  if (altKey || parts.includes("Mod") !== (ctrlKey || metaKey)) return false;
  if ((given === " " ? "Space" : given).toLowerCase() !== last.toLowerCase()) return false;
  // On many keyboards a sign such as ? or + needs the shift key.
  return !/^([a-z]|..+)$/i.test(last) || parts.includes("Shift") === shiftKey;
}
