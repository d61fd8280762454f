import { Box, Flex, Text } from "@chakra-ui/react";
import { PencilLine } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import type { MergeFields } from "#ui/merge-fields/merge-fields.ts";

interface PlainTextSettingProps {
  /** Empty while it is made from the HTML. */
  text: string;
  /** What is made from the HTML, with its fields; undefined while it is not known. */
  made: string | undefined;
  hasHtml: boolean;
  onChange: (text: string) => void;
  fields: MergeFields;
  error: string | undefined;
  disabled: boolean;
}

/** The e-mail without pictures and colours. It follows the text until somebody writes one. */
export function PlainTextSetting({ text, made, hasHtml, onChange, fields, error, disabled }: PlainTextSettingProps) {
  if (text !== "" || !hasHtml) {
    return (
      <Box>
        <TemplateField label="Plain text" lines={4} value={text} {...{ onChange, fields, error, disabled }} />
        {hasHtml && (
          <Flex align="center" justify="space-between" gap="2" mt="1.5" wrap="wrap">
            <Text textStyle="xs" color="fg.muted">
              Written by hand: it does not follow the text above.
            </Text>
            <Button size="xs" disabled={disabled} onClick={() => onChange("")}>
              Make it from the text
            </Button>
          </Flex>
        )}
      </Box>
    );
  }
  return (
    <Flex align="center" justify="space-between" gap="2" wrap="wrap">
      <Box>
        <Text textStyle="sm" fontWeight="500">
          Plain text
        </Text>
        <Text textStyle="xs" color="fg.muted">
          Made from the text above, for programs that show nothing else.
        </Text>
      </Box>
      <Button size="xs" icon={PencilLine} disabled={disabled || !made} onClick={() => made && onChange(made)}>
        Write it yourself
      </Button>
    </Flex>
  );
}
