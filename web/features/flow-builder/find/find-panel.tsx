import { Box, chakra, Flex, Input, Text } from "@chakra-ui/react";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { FlowNode } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { wordsOfKey } from "../panel/config-words.ts";
import { type Found, type FoundPlace, isReplaceable } from "./find-in-flow.ts";
import type { useFind } from "./use-find.ts";

interface FindPanelProps {
  find: ReturnType<typeof useFind>;
  nodes: readonly FlowNode[];
  disabled: boolean;
}

/** So many places are listed; the arrows and Enter go through all of them. */
const mostListed = 200;

/** Finds a text in the whole flow, and replaces it where it is written for people. */
export function FindPanel({ find, nodes, disabled }: FindPanelProps) {
  const [by, setBy] = useState("");
  const { found, at, typed } = find;
  const replaceable = found.filter(isReplaceable).length;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") find.close();
    else if (event.key === "Enter" && event.target === find.input.current) find.walk(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Flex
      as="section"
      aria-label="Find and replace"
      direction="column"
      borderTopWidth="1px"
      bg="bg.panel"
      maxH="45%"
      flexShrink={0}
      onKeyDown={onKeyDown}
    >
      <Flex align="center" gap="2" px={{ base: "3", md: "6" }} py="2" wrap="wrap" borderBottomWidth="1px">
        <Input
          ref={find.input}
          size="sm"
          role="searchbox"
          aria-label="Find in this flow"
          placeholder="Find"
          autoComplete="off"
          spellCheck={false}
          maxW={{ md: "64" }}
          value={typed}
          onChange={(event) => find.type(event.currentTarget.value)}
        />
        <Text role="status" textStyle="sm" color="fg.muted" minW="20">
          {typed.trim() === ""
            ? ""
            : found.length === 0
              ? "Nothing found"
              : at >= 0
                ? `${at + 1} of ${found.length}`
                : `${found.length} found`}
        </Text>
        <IconButton
          size="xs"
          icon={ChevronUp}
          label="The place before"
          tooltip="title"
          disabled={found.length === 0}
          onClick={() => find.walk(-1)}
        />
        <IconButton
          size="xs"
          icon={ChevronDown}
          label="The next place"
          tooltip="title"
          disabled={found.length === 0}
          onClick={() => find.walk(1)}
        />
        {!disabled && find.words !== "" && (
          <>
            <Input
              size="sm"
              aria-label="Replace by"
              placeholder="Replace by"
              autoComplete="off"
              maxW={{ md: "48" }}
              value={by}
              onChange={(event) => setBy(event.currentTarget.value)}
            />
            <Button size="xs" disabled={replaceable === 0} onClick={() => find.replace(by)}>
              Replace
            </Button>
            <Button size="xs" disabled={replaceable === 0} onClick={() => find.replaceAll(by)}>
              Replace all{replaceable > 0 && ` (${replaceable})`}
            </Button>
          </>
        )}
        <Box flex="1" />
        <IconButton size="xs" icon={X} label="Close find" tooltip="title" onClick={find.close} />
      </Flex>
      <Box overflowY="auto" px={{ base: "1", md: "4" }} py="1">
        {typed.trim() === "" && (
          <Text textStyle="sm" color="fg.muted" px="2" py="2">
            A word of a name, text, field or id. Also is:problem, is:off, type:sms or uses:firstname, alone or with a word.
          </Text>
        )}
        <Box as="ul" listStyleType="none">
          {found.slice(0, mostListed).map((one, index) => (
            <FoundLine
              key={`${one.nodeId} ${JSON.stringify(one.place)} ${one.from}`}
              found={one}
              node={nodes.find(({ id }) => id === one.nodeId)}
              length={one.place.in === "step" ? 0 : find.words.length}
              isCurrent={index === at}
              onClick={() => find.enter(index)}
            />
          ))}
        </Box>
        {found.length > mostListed && (
          <Text textStyle="sm" color="fg.muted" px="2" py="1">
            and {plural(found.length - mostListed, "more place")}
          </Text>
        )}
      </Box>
    </Flex>
  );
}

interface FoundLineProps {
  found: Found;
  node: FlowNode | undefined;
  length: number;
  isCurrent: boolean;
  onClick: () => void;
}

function FoundLine({ found: { place, text, from }, node, length, isCurrent, onClick }: FoundLineProps) {
  if (!node) return null;
  const look = describeNode(node);
  const begin = Math.max(0, from - 30);
  return (
    <li>
      <Line type="button" aria-current={isCurrent || undefined} onClick={onClick}>
        <look.Icon aria-hidden size={14} style={{ flexShrink: 0 }} />
        <Text as="span" fontWeight="medium" truncate flexShrink={0} maxW="40%">
          {look.label}
        </Text>
        <Text as="span" color="fg.muted" flexShrink={0} hideBelow="sm">
          {wordsOfPlace(place)}
        </Text>
        <Text as="span" color="fg.muted" truncate minW="0">
          {length > 0 && (
            <>
              {begin > 0 && "…"}
              {text.slice(begin, from)}
              <chakra.mark bg="bg.warning" color="fg">
                {text.slice(from, from + length)}
              </chakra.mark>
              {text.slice(from + length, from + length + 80)}
            </>
          )}
        </Text>
      </Line>
    </li>
  );
}

function wordsOfPlace(place: FoundPlace): string {
  if (place.in === "setting") {
    const named = place.at.split(".").filter((part) => !/^\d+$/.test(part));
    return wordsOfKey(named);
  }
  return { step: "", id: "Id", key: "Data key", name: "Name", note: "Note", line_note: "Note on a line" }[place.in];
}

const Line = chakra("button", {
  base: {
    display: "flex",
    alignItems: "center",
    gap: "2",
    width: "full",
    minH: "8",
    px: "2",
    textStyle: "sm",
    textAlign: "start",
    borderRadius: "l1",
    cursor: "pointer",
    focusVisibleRing: "inside",
    _hover: { bg: "bg.subtle" },
    "&[aria-current]": { bg: "bg.muted" },
  },
});
