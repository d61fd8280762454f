import { Flex, Icon, Stack, Text } from "@chakra-ui/react";
import { CircleAlert, RotateCw } from "lucide-react";
import { Button } from "./button.tsx";
import { ErrorDetails } from "./error-details.tsx";

export interface LoadErrorProps {
  /** Anything thrown; an error of the API has a sentence and a code. */
  error: unknown;
  onRetry?: () => void;
  /** What the button does, where it is not to load the same again. */
  retryLabel?: string;
  title?: string;
  retrying?: boolean;
}

const codeOf = (error: unknown) =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : undefined;
const sentenceOf = (error: unknown) => (error instanceof Error && error.message !== "" ? error.message : "Something went wrong.");

/** Stands where the rows would be: what happened, its code for the person who will be asked, and Retry. */
export function LoadError({ error, onRetry, retryLabel = "Retry", title = "This could not be loaded", retrying }: LoadErrorProps) {
  const code = codeOf(error);
  return (
    <Flex role="alert" direction="column" align="center" justify="center" gap="3" px="6" py="12" textAlign="center">
      <Icon boxSize="6" color="fg.error">
        <CircleAlert aria-hidden />
      </Icon>
      <Stack gap="1" maxW="md">
        <Text fontWeight="medium">{title}</Text>
        <Text color="fg.muted" textStyle="sm" overflowWrap="anywhere">
          {sentenceOf(error)}
        </Text>
        {code && <ErrorDetails code={code} />}
      </Stack>
      {onRetry && (
        <Button icon={RotateCw} onClick={onRetry} busy={retrying}>
          {retryLabel}
        </Button>
      )}
    </Flex>
  );
}
