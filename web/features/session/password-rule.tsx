import { Flex, Text } from "@chakra-ui/react";
import { Check, Minus } from "lucide-react";
import { passwordRule } from "#contract/people.ts";

/** The one rule, ticked off while it is typed: length. No capital, digit or sign is asked for; they make worse passwords. */
export function PasswordRule({ password }: { password: string }) {
  const kept = passwordRule.safeParse(password).success;
  const Mark = kept ? Check : Minus;
  return (
    <Flex as="span" align="center" gap="1.5" color={kept ? "fg.success" : "fg.muted"}>
      <Mark aria-hidden size={14} />
      <Text as="span" fontVariantNumeric="tabular-nums">
        12 characters or more{!kept && password.length > 0 && `, ${12 - password.length} to go`}
      </Text>
    </Flex>
  );
}
