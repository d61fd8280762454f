import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { MailOpen, MousePointerClick } from "lucide-react";
import type { ReactNode } from "react";
import type { MessageTracked as Tracked } from "#contract/messages.ts";
import { plural } from "#ui/format.ts";
import { RelativeTime } from "#ui/relative-time.tsx";

type Seen = NonNullable<Tracked["opens"]>;

/** Which links of a message were followed, and whether its picture was loaded, where that is noted. */
export function MessageTracked({ tracked: { clicks, opens } }: { tracked: Tracked }) {
  return (
    <chakra.ul aria-label="Clicks and opens" mt="2" display="grid" gap="1" textStyle="xs" color="fg.muted" listStyleType="none">
      {clicks.map(({ url, ...seen }) => (
        <Line key={url} icon={<MousePointerClick aria-hidden size={14} />}>
          <Often seen={seen} what="Clicked" />
          <Text overflowWrap="anywhere">{url}</Text>
        </Line>
      ))}
      {opens && (
        <Line icon={<MailOpen aria-hidden size={14} />}>
          <Often seen={opens} what="Opened" />
          <Text>Unreliable: many mail programs open e-mails by themselves, or never say so.</Text>
        </Line>
      )}
    </chakra.ul>
  );
}

const Line = ({ icon, children }: { icon: ReactNode; children: ReactNode }) => (
  <Flex as="li" gap="1.5">
    <Box pt="0.5" flexShrink={0}>
      {icon}
    </Box>
    <Box minW="0">{children}</Box>
  </Flex>
);

function Often({ seen: { times, byPrograms, firstAt }, what }: { seen: Seen; what: string }) {
  const programs = byPrograms > 0 ? `${plural(byPrograms, "time")} by programs` : "";
  if (firstAt === null) return <Text color="fg">{`${what} only by programs (${plural(byPrograms, "time")})`}</Text>;
  return (
    <Text color="fg">
      {what} <RelativeTime at={firstAt} />
      {times > 1 && ` for the first time, ${plural(times, "time")} until now`}
      {programs && ` · ${programs}`}
    </Text>
  );
}
