import { Box, Flex, Icon } from "@chakra-ui/react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { namesIsolated } from "./format.ts";

export interface NoticeProps {
  status: "info" | "success" | "warning" | "error";
  title?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert } as const;

/** A sentence that belongs to this place and stays. Something that passes is a toast. */
export function Notice({ status, title, action, children }: NoticeProps) {
  const Glyph = icons[status];
  return (
    <Flex
      role={status === "error" ? "alert" : "status"}
      gap="2.5"
      px="3"
      py="2.5"
      borderRadius="l2"
      bg={`bg.${status}`}
      align="flex-start"
      wrap={action ? "wrap" : undefined}
    >
      <Icon boxSize="4" mt="0.5" color={`fg.${status}`} flexShrink={0}>
        <Glyph aria-hidden />
      </Icon>
      {/* Beside two buttons a telephone has no room for a sentence, so they go below it. */}
      <Box flex="1" minW={action ? "min(12rem, calc(100% - 2rem))" : "0"} textStyle="sm" overflowWrap="anywhere">
        {title && <Box fontWeight="medium">{namesIsolated(title)}</Box>}
        {namesIsolated(children)}
      </Box>
      {action}
    </Flex>
  );
}
