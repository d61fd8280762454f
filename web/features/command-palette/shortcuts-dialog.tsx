import { Box, Flex, Grid, Heading, Stack } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { Dialog } from "#ui/dialog.tsx";
import { Kbd, modKey } from "#ui/kbd.tsx";
import type { Place } from "./place.ts";

export function ShortcutsDialog({ places, onClose }: { places: readonly Place[]; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" size="md">
      <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gapX="8" gapY="5">
        <Stack gap="5">
          <Group title="Anywhere">
            <Row keys={[modKey, "K"]}>Find or do anything</Row>
            <Row keys={["/"]}>Search on this page</Row>
            <Row keys={["?"]}>Show these keys</Row>
            <Row keys={["Esc"]}>Close what is open</Row>
          </Group>
          <Group title="Tables">
            <Row keys={["↑", "↓"]}>Move between rows</Row>
            <Row keys={["Space"]}>Tick the row</Row>
            <Row keys={["Enter"]}>Open the row</Row>
          </Group>
        </Stack>
        <Group title="Go to">
          {places.map((place) => (
            <Row key={place.to} keys={["G", place.key.toUpperCase()]} then>
              {place.label}
            </Row>
          ))}
        </Group>
      </Grid>
    </Dialog>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box>
      <Heading as="h3" textStyle="label" color="fg.muted" mb="1.5">
        {title}
      </Heading>
      {children}
    </Box>
  );
}

function Row({ keys, then, children }: { keys: string[]; then?: boolean; children: ReactNode }) {
  return (
    <Flex align="center" justify="space-between" minH="8" gap="3">
      <span>{children}</span>
      <Flex gap="1" align="center" color="fg.subtle" textStyle="xs">
        {keys.map((key, index) => (
          <Flex key={key} gap="1" align="center">
            {then && index > 0 && "then"}
            <Kbd>{key}</Kbd>
          </Flex>
        ))}
      </Flex>
    </Flex>
  );
}
