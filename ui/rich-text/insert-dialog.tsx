import { Stack } from "@chakra-ui/react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "../button.tsx";
import { Dialog } from "../dialog.tsx";
import { TemplateField } from "../fields/template-field.tsx";
import { TextField } from "../fields/text-field.tsx";
import type { MergeFields } from "../merge-fields/merge-fields.ts";
import { readAddress } from "./read-address.ts";

/** A link, a button or a picture that is put into a text or changed there. */
export interface Inserted {
  kind: "link" | "button" | "picture";
  address: string;
  /** What is read on it, or for a picture what it shows; undefined where the words stand in the text already. */
  words: string | undefined;
  /** It is in the text already. */
  isThere: boolean;
}

interface InsertDialogProps {
  asked: Inserted;
  fields: MergeFields;
  onInsert: (chosen: Inserted) => void;
  onRemove: () => void;
  onClose: () => void;
}

const names = { link: "Link", button: "Button", picture: "Picture" } as const;

/** Asks where a link, button or picture leads, and what is read on it. */
export function InsertDialog({ asked, fields, onInsert, onRemove, onClose }: InsertDialogProps) {
  const formId = useId();
  const [address, setAddress] = useState(asked.address);
  const [words, setWords] = useState(asked.words);
  const [problem, setProblem] = useState<string>();
  const isPicture = asked.kind === "picture";
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const read = readAddress(address, isPicture ? "picture" : "link");
    if ("problem" in read) setProblem(read.problem);
    else onInsert({ ...asked, address: read.address, words });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={asked.isThere ? `Change ${names[asked.kind].toLowerCase()}` : names[asked.kind]}
      footer={
        <>
          {asked.isThere && (
            <Button tone="ghost" onClick={onRemove}>
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={formId} tone="primary">
            {asked.isThere ? "Change" : "Insert"}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={onSubmit} noValidate>
        <Stack gap="4">
          {words !== undefined && !isPicture && (
            <TextField
              label={asked.kind === "button" ? "Text on the button" : "Text"}
              required={false}
              value={words}
              onChange={setWords}
              maxLength={300}
            />
          )}
          <TemplateField
            label={isPicture ? "Address of the picture" : "Leads to"}
            value={address}
            onChange={(typed) => {
              setAddress(typed);
              setProblem(undefined);
            }}
            lines={1}
            fields={fields}
            quote="'"
            error={problem}
            help={isPicture ? "It must lie where everyone can fetch it: https://…" : "A page, an e-mail address, or tel: with a number"}
          />
          {words !== undefined && isPicture && (
            <TextField
              label="What it shows"
              required={false}
              value={words}
              onChange={setWords}
              maxLength={300}
              help="Read aloud, and shown where pictures are blocked. Empty where it only decorates."
            />
          )}
        </Stack>
      </form>
    </Dialog>
  );
}
