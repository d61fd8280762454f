import { Box, chakra } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { countedNotices } from "#contract/notices.ts";
import { Tooltip } from "#ui/tooltip.tsx";
import { unreadNoticesQuery } from "#web/entities/notices/notice-queries.ts";
import { CountMark } from "./count-mark.tsx";

const ChakraLink = chakra(Link);

/** The way to the notices, with how many were not read. `wide`: with its word, as the links of the rail. */
export function NoticeBell({ wide }: { wide: boolean }) {
  const unread = useQuery(unreadNoticesQuery).data?.unread ?? 0;
  const most = unread >= countedNotices;
  const words = unread === 0 ? "Notices" : `Notices, ${most ? `${countedNotices} or more` : unread} unread`;
  const link = (
    <ChakraLink
      to="/notices"
      aria-label={words}
      display="flex"
      alignItems="center"
      justifyContent={wide ? "flex-start" : "center"}
      gap="2.5"
      h={wide ? "8" : "10"}
      width={wide ? "full" : "10"}
      px={wide ? "2.5" : "0"}
      alignSelf={wide ? undefined : "center"}
      borderRadius="l2"
      textStyle="sm"
      fontWeight="500"
      color="fg.muted"
      focusVisibleRing="inside"
      _hover={{ bg: "bg.muted", color: "fg" }}
      css={{ "&[data-status=active], &[data-status=active]:hover": { bg: "bg.emphasized", color: "fg" } }}
    >
      <Box as="span" position="relative" flexShrink={0}>
        <Bell aria-hidden size={17} strokeWidth={1.9} />
        {!wide && unread > 0 && <CountMark text="" dot />}
      </Box>
      {wide && "Notices"}
      {wide && unread > 0 && <CountMark text={most ? `${countedNotices}+` : String(unread)} />}
    </ChakraLink>
  );
  return wide ? (
    link
  ) : (
    <Tooltip content={words} placement="right">
      {link}
    </Tooltip>
  );
}
