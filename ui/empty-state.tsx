import { Box, Flex, Heading, Icon, Stack } from "@chakra-ui/react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** The next step, as a button or a link. */
  action?: ReactNode;
  children?: ReactNode;
}

/** Nothing here yet: why, and what to do next. */
export function EmptyState({ icon, title, action, children }: EmptyStateProps) {
  const Glyph = icon;
  return (
    <Flex direction="column" align="center" justify="center" gap="4" px="6" py="16" textAlign="center">
      <Icon boxSize="6" color="fg.subtle">
        <Glyph aria-hidden strokeWidth={1.75} />
      </Icon>
      <Stack gap="1" maxW="sm">
        <Heading as="h2" textStyle="md" fontWeight="medium">
          {title}
        </Heading>
        {children && (
          <Box color="fg.muted" textStyle="sm" textWrap="balance">
            {children}
          </Box>
        )}
      </Stack>
      {action}
    </Flex>
  );
}
