import { Box, Heading } from "@chakra-ui/react";
import type { ReactNode } from "react";

/** A heading with what belongs to it, beneath the rules of the start. */
export const SettingsPart = ({ title, children }: { title: string; children: ReactNode }) => (
  <Box as="section" aria-label={title}>
    <Heading as="h3" textStyle="sm" fontWeight="semibold" mb="2">
      {title}
    </Heading>
    {children}
  </Box>
);
