import { Box, Flex, Skeleton } from "@chakra-ui/react";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";

/** The skeleton of a page while its code is loaded. */
export function PagePending() {
  return (
    <Flex direction="column" flex="1" minH="0" bg="bg.panel">
      <Flex minH="14" align="center" px={{ base: "4", md: "6" }} borderBottomWidth="1px">
        <Skeleton height="4" width="32" borderRadius="l1" />
      </Flex>
      <Box>
        <SkeletonRows label="Loading the page" />
      </Box>
    </Flex>
  );
}
