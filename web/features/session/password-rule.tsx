import { Flex, Text } from "@chakra-ui/react";
import { Check, Minus } from "lucide-react";
import { passwordRule } from "#contract/people.ts";

/** The only rule of a password is its length. Required capitals, digits or signs make passwords worse. */
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
