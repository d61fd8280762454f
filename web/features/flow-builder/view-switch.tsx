import { Box } from "@chakra-ui/react";
import { useState } from "react";
import { keep, recall } from "#ui/browser-memory.ts";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";

const views = [
  { value: "outline", label: "Outline" },
  { value: "both", label: "Both" },
  { value: "canvas", label: "Canvas" },
] as const;
type View = (typeof views)[number]["value"];
const key = "builder-view";

/** Which of the two views of a flow are shown, as this person left it. On a narrow screen there is only the outline. */
export function useView() {
  const [view, setView] = useState<View>(() => {
    const kept = recall(key);
    return views.find(({ value }) => value === kept)?.value ?? "both";
  });
  const choose = (next: View) => {
    keep(key, next);
    setView(next);
  };
  return [view, choose] as const;
}

export function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  return (
    <Box hideBelow="lg">
      <SegmentedField label="View" hideLabel value={view} onChange={onChange} options={views} />
    </Box>
  );
}

/**
 * How the two views are shown, by width. Beside open settings there is often room for one only: that in which something was
 * done last. The outline is never taken off the page, because it has the focus also while somebody works on the canvas.
 */
export function styleOfViews(view: View, hasPanel: boolean, last: "outline" | "canvas") {
  const wide = { outline: view !== "canvas", canvas: view !== "outline" };
  const narrow = view === "both" && hasPanel ? { outline: last === "outline", canvas: last === "canvas" } : wide;
  return {
    outline: {
      css: { "@media (min-width: 64rem)": narrow.outline ? {} : unseen, "@media (min-width: 96rem)": wide.outline ? seen : unseen },
    },
    canvas: { display: { base: "none", lg: narrow.canvas ? "block" : "none", "2xl": wide.canvas ? "block" : "none" } },
  };
}

/** Whether somebody works on the canvas: they clicked there last, or it is all that is shown. */
export const worksOnCanvas = (view: View, last: "outline" | "canvas"): boolean =>
  view !== "outline" && (last === "canvas" || (view === "canvas" && matchMedia("(min-width: 64rem)").matches));

/** Not seen, and there for keys and screen readers. */
const unseen = { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" } as const;
const seen = { position: "static", width: "auto", height: "auto", overflow: "auto", clipPath: "none" } as const;
