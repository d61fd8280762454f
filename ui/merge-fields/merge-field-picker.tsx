import { Box, Flex, Popover, Portal, Text } from "@chakra-ui/react";
import { type ReactElement, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { parseTemplate, writeMergeField } from "#contract/template.ts";
import { Button } from "../button.tsx";
import { DefaultForm } from "./default-form.tsx";
import { MergeFieldList } from "./merge-field-list.tsx";
import { type MergeFieldOption, type MergeFields, matchingOptions, proposedDefault } from "./merge-fields.ts";

interface MergeFieldPickerProps {
  open: boolean;
  /** What it stands at. */
  children: ReactElement;
  fields: MergeFields;
  /** The quotation marks of a default; the others than those of the attribute around it. */
  quote?: '"' | "'";
  /** The field with its braces. */
  onPick: (written: string) => void;
  /** It is closed without a choice; `typed` is what was looked for. */
  onClose: (typed: string) => void;
  /** Where the focus goes afterwards. */
  home: () => HTMLElement | null;
  /** Gives the text the focus, with its caret where it was left. */
  goHome: () => void;
}

/**
 * Chooses a field for a text, and asks what stands in for it where it can be missing. The text has the focus again before the key that
 * chose is let go, so what is typed next goes into it, however busy the machine is.
 */
export function MergeFieldPicker(props: MergeFieldPickerProps) {
  const { open, children, home, goHome } = props;
  const search = useRef<HTMLInputElement>(null);
  const typed = useRef("");
  /** Something was chosen or given up. That the focus then leaves does not close it a second time. */
  const isOver = useRef(false);
  useLayoutEffect(() => {
    if (!open) return;
    isOver.current = false;
    typed.current = "";
  }, [open]);
  const finish = (act: () => void) => {
    isOver.current = true;
    act();
    goHome();
  };
  const choice = {
    ...props,
    onPick: (written: string) => finish(() => props.onPick(written)),
    onClose: (text: string) => finish(() => props.onClose(text)),
  };
  return (
    <Popover.Root
      open={open}
      onOpenChange={(change) => {
        if (!change.open && !isOver.current) props.onClose(typed.current);
      }}
      initialFocusEl={() => search.current}
      finalFocusEl={home}
      positioning={{ placement: "bottom-start", strategy: "fixed" }}
      closeOnEscape={false}
      lazyMount
      unmountOnExit
    >
      <Popover.Anchor asChild>{children}</Popover.Anchor>
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="min(24rem, calc(100vw - 1.5rem))" aria-label="Put a field into the text">
            {open && <Choice {...choice} search={search} onTyped={(text) => (typed.current = text)} />}
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}

interface ChoiceProps extends MergeFieldPickerProps {
  search: React.RefObject<HTMLInputElement | null>;
  onTyped: (text: string) => void;
}

function Choice({ fields, quote, onPick, onClose, search, onTyped }: ChoiceProps) {
  const listId = useId();
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState<MergeFieldOption | null>(null);
  const found = matchingOptions(fields.options, query);
  const write = (path: string, filters: Parameters<typeof writeMergeField>[0]["filters"] = []) =>
    onPick(writeMergeField({ source: path, filters }, quote));
  const choose = (option: MergeFieldOption) => (option.missing === undefined ? write(option.path) : setAsked(option));
  const type = (text: string) => {
    // Somebody who knows the name types it to the end.
    const whole = /^(.*)\}\}$/.exec(text)?.[1];
    if (whole !== undefined && parseTemplate(`{{${whole}}}`).problem === undefined) onPick(`{{ ${whole.trim()} }}`);
    setQuery(text);
    onTyped(text);
  };
  if (asked) {
    return (
      <Popover.Body
        p="3"
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          setAsked(null);
        }}
      >
        <Text textStyle="sm" mb="3">
          <b>{asked.label}</b> is {asked.missing}. Without something to write instead, those contacts do not get the message.
        </Text>
        <DefaultForm
          initial={proposedDefault(asked.path)}
          submit="Insert"
          onSubmit={(argument) => write(asked.path, [{ name: "default", argument }])}
          more={
            <Button size="xs" tone="ghost" onClick={() => write(asked.path)}>
              Insert without
            </Button>
          }
        />
      </Popover.Body>
    );
  }
  return (
    <MergeFieldList
      {...{ listId, fields, found, query, search }}
      onQueryChange={type}
      onChoose={choose}
      onEscape={() => onClose(query)}
      empty={<NoField query={query} onWrite={() => write(query.trim())} />}
    />
  );
}

/** What nobody has yet can be written all the same, where it is a name. */
function NoField({ query, onWrite }: { query: string; onWrite: () => void }): ReactNode {
  const isName = parseTemplate(`{{ ${query} }}`).problem === undefined;
  return (
    <Flex direction="column" align="start" gap="2" px="3" py="4">
      <Text textStyle="sm" color="fg.muted">
        No field is called so.
      </Text>
      {isName && (
        <Button size="xs" onClick={onWrite}>
          <Box as="span" truncate maxW="60">
            Insert {`{{ ${query.trim()} }}`} all the same
          </Box>
        </Button>
      )}
    </Flex>
  );
}
