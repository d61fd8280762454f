import { Box, Flex, Heading, Text } from "@chakra-ui/react";
import { type ReactNode, useEffect } from "react";
import { formatCount } from "./format.ts";

export interface PageProps {
  title: string;
  /** Shown beside the title, exact. */
  count?: number;
  /** Above the title: where this page belongs, as a link. */
  parent?: ReactNode;
  /** Beside the title: a status badge, say. */
  badge?: ReactNode;
  /** At the right: one primary button at most. */
  actions?: ReactNode;
  /** A TabBar. */
  tabs?: ReactNode;
  /** The page scrolls as a whole unless it has its own scroller (a table): then give `scroll={false}`. */
  scroll?: boolean;
  children: ReactNode;
}

/** Header with title, count and actions; below it the content to the edges. */
export function Page({ title, count, parent, badge, actions, tabs, scroll = true, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`;
  }, [title]);
  return (
    <Flex direction="column" flex="1" minH="0" minW="0" bg="bg.panel">
      <Box as="header" flexShrink={0} px={{ base: "4", md: "6" }} borderBottomWidth="1px" bg="bg.panel">
        <Flex align="center" justify="space-between" gap="3" minH="14" py="2" wrap="wrap">
          {/* On a phone the title keeps its place and the buttons go below it, rather than the other way round. Beside a badge and buttons no letter of it would be left. */}
          <Flex align="baseline" gap="2" minW="0" flex={{ base: badge ? "1 0 100%" : "1 0 50%", md: "1" }}>
            {parent && (
              <Flex flexShrink={0} color="fg.muted" textStyle="sm" gap="2">
                {parent}
                <span aria-hidden>/</span>
              </Flex>
            )}
            <Heading as="h1" textStyle="title" truncate dir="auto">
              {title}
            </Heading>
            {count !== undefined && (
              <Text as="span" color="fg.subtle" textStyle="md" fontVariantNumeric="tabular-nums">
                {formatCount(count)}
              </Text>
            )}
            {badge && <Box alignSelf="center">{badge}</Box>}
          </Flex>
          {actions && (
            <Flex gap="2" align="center" flexShrink={0}>
              {actions}
            </Flex>
          )}
        </Flex>
        {tabs}
      </Box>
      <Flex direction="column" flex="1" minH="0" minW="0" overflowY={scroll ? "auto" : "hidden"}>
        {children}
      </Flex>
    </Flex>
  );
}
