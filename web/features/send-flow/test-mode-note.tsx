import { Flex, Icon, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, ShieldAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Channel } from "#contract/messages.ts";
import { instanceQuery } from "#web/entities/instance/instance-query.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { channelsInTestMode, testModeWords } from "#web/entities/providers/test-mode.ts";

/** Says where messages of a flow will not really leave: a channel is in test mode, or a restored copy holds all sending. */
export function TestModeNote({ channels }: { channels: readonly Channel[] }) {
  const providers = useQuery(providersQuery);
  const instance = useQuery(instanceQuery);
  if (channels.length === 0) return null;
  if (instance.data?.sendingHeldSince) {
    return <Line Glyph={ShieldAlert}>This is a restored copy: nothing leaves until an owner lets it send.</Line>;
  }
  if (providers.isError && !providers.data) {
    return <Line Glyph={TriangleAlert}>Whether these messages really leave could not be read. {providers.error.message}</Line>;
  }
  const here = channelsInTestMode(channels, providers.data?.items);
  return here.length === 0 ? null : <Line Glyph={FlaskConical}>{testModeWords(here)}. The messages are kept under Sent messages.</Line>;
}

function Line({ Glyph, children }: { Glyph: typeof FlaskConical; children: ReactNode }) {
  return (
    <Flex role="note" gap="2" align="flex-start" textStyle="sm" px="3" py="2" bg="bg.warning" borderRadius="l2">
      <Icon boxSize="4" mt="0.5" color="fg.warning" flexShrink="0">
        <Glyph aria-hidden />
      </Icon>
      <Text flex="1" minW="0">
        {children}
      </Text>
    </Flex>
  );
}
