import { Box, Flex, Popover, Portal, Stack, Text } from "@chakra-ui/react";
import { ChevronDown, ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { DraftMessagePreview, MessageSurvey } from "#contract/message-previews.ts";
import { Button } from "#ui/button.tsx";
import { formatCount, plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ContactChoice } from "#web/entities/contacts/contact-choice.tsx";
import type { PreviewContact } from "./use-preview-contact.ts";

interface PreviewChooserProps {
  chosen: PreviewContact;
  /** Whom the last answer was for, and who comes next and before. */
  preview: Pick<DraftMessagePreview, "contactName" | "newer" | "older"> | undefined;
  survey?: MessageSurvey | undefined;
}

/** For whom a message is shown: somebody who is looked for, the one before or after, or one for whom it comes out oddly. */
export function PreviewChooser({ chosen, preview, survey }: PreviewChooserProps) {
  const [open, setOpen] = useState(false);
  const take = (who: string) => {
    setOpen(false);
    chosen.choose(who);
  };
  const name = preview ? (preview.contactName ?? "No name") : "…";
  const among = survey && (survey.isAll ? plural(survey.looked, "contact") : `the ${formatCount(survey.looked)} newest`);
  return (
    <Flex align="center" gap="1" minW="0" role="group" aria-label="Preview as">
      <Text as="span" textStyle="sm" color="fg.muted" flexShrink={0}>
        Preview as
      </Text>
      <Popover.Root
        open={open}
        onOpenChange={(change) => setOpen(change.open)}
        positioning={{ placement: "bottom-start" }}
        lazyMount
        unmountOnExit
      >
        <Popover.Trigger asChild>
          <Button size="xs" tone="ghost" minW="0" flexShrink={1} aria-label={`Preview as ${name}: choose somebody else`}>
            <Box as="span" truncate fontWeight="medium" color="fg">
              {name}
            </Box>
            <ChevronDown aria-hidden />
          </Button>
        </Popover.Trigger>
        <Portal>
          <Popover.Positioner>
            <Popover.Content width="min(20rem, calc(100vw - 1.5rem))" aria-label="Whom to preview for">
              <Popover.Body p="3">
                <ContactChoice
                  label="Look for a contact"
                  placeholder="Name, number or address"
                  onChange={(id) => id !== null && take(id)}
                />
                <Stack gap="0.5" mt="3" align="stretch">
                  <Pick onClick={() => take("newest")} label="The newest contact" isOn={chosen.who === "newest"} />
                  {survey?.missing && (
                    <Pick
                      onClick={() => take(survey.missing?.contactId ?? "newest")}
                      label="Somebody who lacks a field"
                      detail={`${formatCount(survey.missing.contacts)} of ${among}`}
                    />
                  )}
                  {survey?.longest && (
                    <Pick
                      onClick={() => take(survey.longest?.contactId ?? "newest")}
                      label="The longest message"
                      detail={survey.longest.segments === null ? `of ${among}` : plural(survey.longest.segments, "part")}
                    />
                  )}
                  <Pick onClick={() => take("sample")} label="A made-up contact" isOn={chosen.who === "sample"} />
                </Stack>
              </Popover.Body>
            </Popover.Content>
          </Popover.Positioner>
        </Portal>
      </Popover.Root>
      <Box flex="1" />
      <Step icon={ChevronLeft} label="The contact added next" to={preview?.newer} onStep={chosen.choose} />
      <Step icon={ChevronRight} label="The contact added before" to={preview?.older} onStep={chosen.choose} />
    </Flex>
  );
}

interface StepProps {
  icon: typeof ChevronLeft;
  label: string;
  to: string | null | undefined;
  onStep: (id: string) => void;
}
const Step = ({ icon, label, to, onStep }: StepProps) => (
  <IconButton size="xs" tooltip="title" icon={icon} label={label} disabled={!to} onClick={() => to && onStep(to)} />
);

const Pick = ({ label, detail, isOn, onClick }: { label: string; detail?: string; isOn?: boolean; onClick: () => void }) => (
  <Button
    size="xs"
    tone="ghost"
    justifyContent="space-between"
    px="2"
    aria-pressed={isOn}
    bg={isOn ? "bg.muted" : undefined}
    onClick={onClick}
  >
    {label}
    {detail && (
      <Text as="span" color="fg.muted" fontWeight="normal">
        {detail}
      </Text>
    )}
  </Button>
);
