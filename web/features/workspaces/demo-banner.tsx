import { Flex, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { staysHere } from "#channels/stays-here.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import type { ApiOutput } from "#web/lib/api.ts";

function whatLeaves(providers: ApiOutput<"listProviders">["items"]): string {
  const leaving = providers.flatMap(({ channel, provider }) => (staysHere(provider) ? [] : channel));
  if (leaving.length === 0) return "Messages are kept under Sent messages; nothing leaves this machine.";
  const what = leaving.length > 1 ? "SMS and e-mail are" : leaving[0] === "sms" ? "SMS are" : "E-mail is";
  return `${what} really sent, as set up under Settings, Channels.`;
}

/** Tells in a demo workspace whether messages can leave this machine, from the providers that are really set up. */
export function DemoBanner() {
  const { workspace } = useSession();
  const providers = useQuery({ ...providersQuery, enabled: workspace.isDemo, staleTime: 60_000 });
  if (!workspace.isDemo) return null;
  const text = providers.isSuccess ? `Demo workspace. ${whatLeaves(providers.data.items)}` : "Demo workspace.";
  return (
    <Flex
      align="center"
      gap="2"
      px={{ base: "4", md: "6" }}
      py="1.5"
      borderBottomWidth="1px"
      bg="bg.canvas"
      color="fg.muted"
      flexShrink={0}
    >
      <FlaskConical aria-hidden size={14} style={{ flexShrink: 0 }} />
      <Text as="span" textStyle="xs">
        {text}
      </Text>
    </Flex>
  );
}
