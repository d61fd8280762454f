import { Flex, Text } from "@chakra-ui/react";

/** The gate: two posts, a bar, and the water under it. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" style={{ flexShrink: 0 }}>
      <rect width="32" height="32" rx="7" fill="#0d7282" />
      <path d="M10 7v18M22 7v18M10 13h12" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" fill="none" />
      <path d="M12.8 19.2c1.1-1 2.2-1 3.2 0s2.1 1 3.2 0" stroke="#fff" strokeWidth="2.2" strokeLinecap="round" fill="none" />
    </svg>
  );
}

export function Wordmark({ size = 24 }: { size?: number }) {
  return (
    <Flex align="center" gap="2.5">
      <Mark size={size} />
      <Text as="span" fontWeight="600" fontSize="lg" letterSpacing="-0.01em">
        Sluice
      </Text>
    </Flex>
  );
}
