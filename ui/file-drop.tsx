import { Flex, Text } from "@chakra-ui/react";
import { FileUp } from "lucide-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";

interface FileDropProps {
  label: string;
  help: string;
  /** File endings the chooser offers: ".csv,.txt". */
  accept: string;
  error?: string;
  onFile: (file: File) => void;
}

/** Takes one file: dropped on it, or chosen. */
export function FileDrop({ label, help, accept, error, onFile }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const helpId = useId();
  const hover = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <Flex
      direction="column"
      align="center"
      gap="3"
      px="6"
      py="10"
      borderWidth="1px"
      borderStyle="dashed"
      borderColor={error ? "border.error" : over ? "accent.solid" : "border.control"}
      bg={over ? "accent.subtle" : "bg.subtle"}
      borderRadius="l2"
      textAlign="center"
      onDragOver={hover}
      onDragEnter={hover}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      <FileUp aria-hidden size={24} strokeWidth={1.75} />
      <Text fontWeight="medium">{label}</Text>
      <Text id={helpId} textStyle="sm" color="fg.muted">
        {help}
      </Text>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        aria-label={label}
        aria-describedby={helpId}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          // Cleared, so that choosing the same file again after it was corrected is a change.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      {error && (
        <Text role="alert" textStyle="sm" color="fg.error">
          {error}
        </Text>
      )}
    </Flex>
  );
}
