import { Box, Flex, Input, Textarea } from "@chakra-ui/react";
import { Braces } from "lucide-react";
import { type ChangeEvent, type Ref, useLayoutEffect, useRef, useState } from "react";
import { IconButton } from "../icon-button.tsx";
import { MergeFieldPicker } from "../merge-fields/merge-field-picker.tsx";
import type { MergeFields } from "../merge-fields/merge-fields.ts";
import { UsedFields } from "../merge-fields/used-fields.tsx";
import { FieldFrame, type FieldProps } from "./field.tsx";

export interface TemplateFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  lines: number;
  fields: MergeFields;
  /** The value stands between the quotation marks of something else, so a default takes the others. */
  quote?: '"' | "'";
  mono?: boolean;
  ref?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

/** A text that may hold merge fields. The button, and typing two braces, put one where the cursor stands. */
export function TemplateField({ value, onChange, lines, fields, quote, mono, ref, ...frame }: TemplateFieldProps) {
  const input = useRef<(HTMLInputElement & HTMLTextAreaElement) | null>(null);
  /** What of the text the chosen field takes the place of; null while nothing is chosen. */
  const [place, setPlace] = useState<{ from: number; to: number; isTyped: boolean } | null>(null);
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null || !input.current) return;
    input.current.setSelectionRange(caret.current, caret.current);
    if (input.current.value === value) caret.current = null;
  });
  const replace = (from: number, to: number, written: string) => {
    caret.current = from + written.length;
    onChange(value.slice(0, from) + written + value.slice(to));
  };
  const onTyped = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const typed = event.currentTarget.value;
    const at = event.currentTarget.selectionStart ?? typed.length;
    onChange(typed);
    const isOpening = typed.length === value.length + 1 && typed.slice(at - 2, at) === "{{" && typed[at - 3] !== "{";
    if (isOpening) setPlace({ from: at - 2, to: at, isTyped: true });
  };
  const common = {
    ref: (element: (HTMLInputElement & HTMLTextAreaElement) | null) => {
      input.current = element;
      if (typeof ref === "function") ref(element);
      else if (ref) ref.current = element;
    },
    value,
    onChange: onTyped,
    ...(mono ? { fontFamily: "mono" } : { dir: "auto" }),
  };
  return (
    <Box>
      <FieldFrame {...frame}>
        <MergeFieldPicker
          open={place !== null}
          fields={fields}
          quote={quote}
          home={() => input.current}
          goHome={() => input.current?.focus({ preventScroll: true })}
          onPick={(written) => {
            if (place) replace(place.from, place.to, written);
            setPlace(null);
          }}
          onClose={(typed) => {
            // Somebody who only wanted braces has them, and what was typed behind them.
            if (place?.isTyped && typed !== "") replace(place.to, place.to, typed);
            setPlace(null);
          }}
        >
          <Flex w="full" gap="1" align="start">
            <Box flex="1" minW="0">
              {lines > 1 ? <Textarea {...common} rows={lines} autoresize maxH="24rem" /> : <Input {...common} />}
            </Box>
            <IconButton
              icon={Braces}
              label={`Put a field into “${frame.label}”`}
              tooltip="title"
              disabled={frame.disabled}
              aria-haspopup="dialog"
              onClick={() => {
                const element = input.current;
                const from = element?.selectionStart ?? value.length;
                setPlace({ from, to: element?.selectionEnd ?? from, isTyped: false });
              }}
            />
          </Flex>
        </MergeFieldPicker>
      </FieldFrame>
      <UsedFields label={frame.label} text={value} fields={fields} onChange={onChange} disabled={frame.disabled} />
    </Box>
  );
}
