import { Box } from "@chakra-ui/react";
import { MergeFieldPicker } from "./merge-field-picker.tsx";
import type { MergeFields } from "./merge-fields.ts";

/** What of a text the chosen field takes the place of, and where that is on screen. */
export interface FieldPlace {
  from: number;
  to: number;
  /** Two braces were typed there. */
  isTyped: boolean;
  quote?: '"' | "'";
  /** From the corner of the box around the editor, in pixels. */
  left: number;
  top: number;
}

interface PickerAtCaretProps {
  place: FieldPlace | null;
  fields: MergeFields;
  onWrite: (written: string, from: number, to: number) => void;
  onClose: () => void;
  home: () => HTMLElement | null;
  goHome: () => void;
}

/** The choice of a field at the caret of an editor that draws itself; it stands in a box that is positioned. */
export const PickerAtCaret = ({ place, fields, onWrite, onClose, home, goHome }: PickerAtCaretProps) => (
  <MergeFieldPicker
    open={place !== null}
    fields={fields}
    quote={place?.quote}
    home={home}
    goHome={goHome}
    onPick={(written) => {
      if (place) onWrite(written, place.from, place.to);
      onClose();
    }}
    onClose={(typed) => {
      // Somebody who only wanted braces has them, and what was typed behind them.
      if (place?.isTyped && typed !== "") onWrite(typed, place.to, place.to);
      onClose();
    }}
  >
    <Box position="absolute" width="0" height="0" left={`${place?.left ?? 0}px`} top={`${place?.top ?? 0}px`} pointerEvents="none" />
  </MergeFieldPicker>
);

/** Where a place of the window lies in a box. */
export const within = (box: Element | null, { left, bottom }: { left: number; bottom: number }): Pick<FieldPlace, "left" | "top"> => {
  const frame = box?.getBoundingClientRect();
  return { left: left - (frame?.left ?? 0), top: bottom - (frame?.top ?? 0) };
};
