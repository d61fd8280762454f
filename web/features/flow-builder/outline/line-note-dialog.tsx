import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { longestNote } from "../operations/line-note.ts";

interface LineNoteDialogProps {
  /** "From “Paid?” to “Thanks”". */
  line: string;
  note: string;
  onKeep: (note: string) => void;
  onClose: () => void;
}

/** Writes a note on a line between two steps. An empty one takes the note away. */
export function LineNoteDialog({ line, note, onKeep, onClose }: LineNoteDialogProps) {
  const [text, setText] = useState(note);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Note on a line"
      description={line}
      isDirty={text !== note}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={text === note} onClick={() => onKeep(text)}>
            {text.trim() === "" && note !== "" ? "Take the note away" : "Keep the note"}
          </Button>
        </>
      }
    >
      <TextAreaField
        label="Note"
        required={false}
        help="For those who edit this flow. Contacts never see it."
        value={text}
        onChange={(next) => setText(next.slice(0, longestNote))}
      />
    </Dialog>
  );
}
