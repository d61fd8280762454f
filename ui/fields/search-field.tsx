import { Input, InputGroup } from "@chakra-ui/react";
import { Search, X } from "lucide-react";
import { type Ref, useEffect, useRef, useState } from "react";
import { IconButton } from "../icon-button.tsx";

export interface SearchFieldProps {
  /** Its name for a screen reader, and what stands in it while it is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Milliseconds of quiet before the change is told; 250 unless given. Enter and X tell at once. */
  delay?: number;
  width?: string;
  autoFocus?: boolean;
  /** The `/` key puts the cursor here; one per page. */
  shortcut?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function SearchField({ label, value, onChange, delay = 250, width = "64", autoFocus, shortcut = true, ref }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // Changed from outside (a cleared filter, the Back button), not by our own telling.
    if (value !== told.current) {
      told.current = value;
      setTyped(value);
    }
  }, [value]);
  const tell = (text: string) => {
    clearTimeout(timer.current);
    if (text === told.current) return;
    told.current = text;
    onChange(text);
  };
  const type = (text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(text), delay);
  };
  const clear = () => {
    setTyped("");
    tell("");
  };
  return (
    <InputGroup
      width="full"
      maxW={width}
      startElement={<Search aria-hidden size={16} />}
      endElementProps={{ px: "0.5" }}
      endElement={typed === "" ? undefined : <IconButton icon={X} label="Clear search" tooltip="title" size="xs" onClick={clear} />}
    >
      <Input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        value={typed}
        autoFocus={autoFocus}
        autoComplete="off"
        spellCheck={false}
        data-search-shortcut={shortcut || undefined}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") tell(typed);
          if (event.key === "Escape" && typed !== "") {
            event.stopPropagation();
            clear();
          }
        }}
      />
    </InputGroup>
  );
}
