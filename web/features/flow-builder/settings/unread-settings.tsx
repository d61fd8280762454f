import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { unreadSettings, withoutSetting } from "#nodes/graph/check-settings.ts";
import { Button } from "#ui/button.tsx";
import type { DraftStore } from "../draft/draft-store.ts";
import { useDraft } from "../use-draft.ts";
import { SettingsPart } from "./settings-part.tsx";

/** Settings that another tool wrote and nothing here reads. They are kept, and nobody may rely on them. */
export function UnreadSettings({ store, disabled }: { store: DraftStore; disabled: boolean }) {
  const settings = useDraft(store, ({ content }) => content.settings);
  const names = unreadSettings(settings);
  if (names.length === 0) return null;
  const remove = (name: string) =>
    store.getState().edit(`remove the setting “${name}”`, (draft) => {
      draft.settings = withoutSetting(draft.settings, name);
    });
  return (
    <SettingsPart title="Kept without effect">
      <Text textStyle="sm" color="fg.muted" mb="2">
        These settings came with the flow, and nothing here reads them. An export gives them back.
      </Text>
      <Stack as="ul" listStyleType="none" gap="1" data-setting="unread">
        {names.map((name) => (
          <Flex as="li" key={name} align="center" justify="space-between" gap="3" borderWidth="1px" borderRadius="l2" px="3" py="1.5">
            <Box minW="0" textStyle="sm" fontFamily="mono" overflowWrap="anywhere">
              {name}
            </Box>
            {!disabled && (
              <Button size="xs" aria-label={`Remove ${name}`} onClick={() => remove(name)}>
                Remove
              </Button>
            )}
          </Flex>
        ))}
      </Stack>
    </SettingsPart>
  );
}
