import { Flex } from "@chakra-ui/react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../button.tsx";
import { TextField } from "../fields/text-field.tsx";

interface DefaultFormProps {
  initial: string;
  /** The button that takes what was typed. */
  submit: string;
  onSubmit: (text: string) => void;
  /** Beside that button. */
  more?: ReactNode;
}

/** Asks what to write where a field has no value. An empty text is an answer: then nothing is written. */
export function DefaultForm({ initial, submit, onSubmit, more }: DefaultFormProps) {
  const [text, setText] = useState(initial);
  const onTyped = (event: FormEvent) => {
    event.preventDefault();
    // A form around the panel is not meant.
    event.stopPropagation();
    onSubmit(text);
  };
  return (
    <form onSubmit={onTyped}>
      <TextField
        label="Write instead"
        value={text}
        onChange={setText}
        maxLength={200}
        autoFocus
        help="Empty: nothing is written in its place."
      />
      <Flex gap="2" mt="3" wrap="wrap">
        <Button type="submit" size="xs" tone="primary">
          {submit}
        </Button>
        {more}
      </Flex>
    </form>
  );
}
