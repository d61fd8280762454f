import { Input, InputGroup } from "@chakra-ui/react";
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FieldFrame } from "./fields/field.tsx";
import { IconButton } from "./icon-button.tsx";

interface CopyFieldProps {
  label: string;
  value: string;
  help?: string;
}

/** Something to take away whole: a link, a key. Selected as soon as it is touched, copied with one press. */
export function CopyField({ label, value, help }: CopyFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const { copied, copy } = useCopy();
  return (
    <FieldFrame label={label} help={help}>
      <InputGroup
        endElementProps={{ px: "0.5" }}
        endElement={
          <IconButton
            icon={copied ? Check : Copy}
            label={copied ? "Copied" : `Copy ${label.toLowerCase()}`}
            size="xs"
            tooltip="title"
            color={copied ? "fg.success" : undefined}
            onClick={async () => {
              // Without the clipboard (plain http on another host) it is at least selected, ready for Ctrl-C.
              if (!(await copy(value))) input.current?.select();
            }}
          />
        }
      >
        <Input ref={input} value={value} readOnly fontFamily="mono" onFocus={(event) => event.currentTarget.select()} />
      </InputGroup>
    </FieldFrame>
  );
}

export function useCopy() {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (text: string): Promise<boolean> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return false; // Not allowed or not there: the caller offers another way.
    }
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
    return true;
  };
  return { copied, copy };
}
