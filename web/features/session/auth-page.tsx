import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useEffect } from "react";
import { Wordmark } from "#ui/wordmark.tsx";

interface AuthPageProps {
  title: string;
  lead?: ReactNode;
  width?: string;
  children: ReactNode;
}

/** The frame of the pages before sign-in: claim, sign in, join. */
export function AuthPage({ title, lead, width = "24rem", children }: AuthPageProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`;
  }, [title]);
  return (
    <Flex as="main" minH="100dvh" direction="column" align="center" px="4" pt={{ base: "10", md: "20" }} pb="10" bg="bg.canvas">
      <Box mb="8">
        <Wordmark size={28} />
      </Box>
      <Box width="full" maxW={width} bg="bg.panel" borderWidth="1px" borderRadius="l3" px={{ base: "5", md: "7" }} py="7">
        <Stack gap="1" mb="6">
          <Heading as="h1" textStyle="title">
            {title}
          </Heading>
          {lead && (
            <Text color="fg.muted" textStyle="sm">
              {lead}
            </Text>
          )}
        </Stack>
        {children}
      </Box>
    </Flex>
  );
}
