import { Flex, Text } from "@chakra-ui/react";
import { Check, CloudOff, GitMerge, LoaderCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "#ui/button.tsx";
import { say } from "#ui/say.tsx";
import type { Saving } from "./draft/draft-store.ts";

interface SavingSignProps {
  saving: Saving;
  isDraft: boolean;
  onRetry: () => void;
  /** Leads to what is to be chosen, where that is out of sight. */
  onChoose?: () => void;
}

/**
 * Says whether the server has what is on screen. Aloud it says only what is new: who types a text would else hear of a save
 * after each pause.
 */
export function SavingSign({ saving, isDraft, onRetry, onChoose }: SavingSignProps) {
  if (saving.state === "failed") {
    return (
      <Flex align="center" gap="2" color="fg.error" role="status">
        <CloudOff aria-hidden size={16} style={{ flexShrink: 0 }} />
        <Text textStyle="sm">{saving.final ? `Not saved: ${saving.reason}` : `Not saved, trying again: ${saving.reason}`}</Text>
        <Button size="xs" onClick={onRetry}>
          Try now
        </Button>
      </Flex>
    );
  }
  if (saving.state === "choosing") {
    return (
      <Flex align="center" gap="2" color="fg.warning" role="status">
        <GitMerge aria-hidden size={16} style={{ flexShrink: 0 }} />
        <Text textStyle="sm">Saved, except for what you have yet to choose.</Text>
        {onChoose && (
          <Button size="xs" onClick={onChoose}>
            Choose
          </Button>
        )}
      </Flex>
    );
  }
  return <Settled isSaved={saving.state === "saved"} words={isDraft ? "Draft saved. Not published yet." : "Everything is published."} />;
}

function Settled({ isSaved, words }: { isSaved: boolean; words: string }) {
  const said = useRef(words);
  useEffect(() => {
    if (!isSaved || said.current === words) return;
    said.current = words;
    say(words);
  }, [isSaved, words]);
  const Icon = isSaved ? Check : LoaderCircle;
  return (
    <Flex align="center" gap="2" color="fg.muted" role="status" aria-live="off">
      <Icon aria-hidden size={16} style={{ flexShrink: 0 }} />
      <Text textStyle="sm">{isSaved ? words : "Saving…"}</Text>
    </Flex>
  );
}
