import { Box, chakra, Flex, Grid, Heading, Stack } from "@chakra-ui/react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { showShortcuts } from "#web/lib/shortcuts-help.ts";
import { type BuilderKey, clipboardKeys, drawingKeys, flowKeys, rowKeys } from "./builder-keys.ts";
import { KeySigns } from "./key-signs.tsx";

/** The keys of the builder, as its lists name them. */
export function KeysSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keys of the builder"
      description="Those of the steps work on the row of the outline that has the focus. A click on the drawing focuses it."
      size="xl"
      footer={
        <Button
          onClick={() => {
            onClose();
            showShortcuts();
          }}
        >
          Keys of the whole app
        </Button>
      }
    >
      {/* The keys scroll it, where it is longer than the screen. */}
      <Grid
        tabIndex={0}
        role="group"
        aria-label="All keys"
        outline="none"
        templateColumns={{ base: "1fr", lg: "1fr 1fr" }}
        gapX="10"
        gapY="5"
      >
        <Group title="Steps" list={rowKeys} />
        <Stack gap="5">
          <Group title="Flow" list={flowKeys} />
          <Group title="Clipboard" list={clipboardKeys} />
          <Group title="Drawing" list={drawingKeys} />
        </Stack>
      </Grid>
    </Dialog>
  );
}

function Group({ title, list }: { title: string; list: Readonly<Record<string, BuilderKey>> }) {
  return (
    <Box>
      <Heading as="h3" textStyle="label" color="fg.muted" mb="1">
        {title}
      </Heading>
      <chakra.ul listStyleType="none">
        {Object.entries(list).map(([name, { words, keys }]) => (
          <Flex as="li" key={name} align="center" justify="space-between" minH="8" gap="4" textStyle="sm">
            <span>{words}</span>
            <KeySigns keys={keys} />
          </Flex>
        ))}
      </chakra.ul>
    </Box>
  );
}
