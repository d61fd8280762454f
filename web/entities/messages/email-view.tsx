import { Box, Flex, Text } from "@chakra-ui/react";
import { useId, useState } from "react";
import { withoutTokens } from "#contract/tracking-paths.ts";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { EmailFrame } from "./email-frame.tsx";

interface EmailViewProps {
  subject: string | null;
  text: string | null;
  html: string | null;
  /** Whoever writes it looks at it as wide as on a computer and on a telephone. */
  choosesWidth?: boolean;
}

const widths = { computer: 600, telephone: 375 } as const;

export function EmailView({ subject, text, html, choosesWidth = false }: EmailViewProps) {
  const panelId = useId();
  const [shown, setShown] = useState<"html" | "text">(html ? "html" : "text");
  const [on, setOn] = useState<keyof typeof widths>("computer");
  const [colours, setColours] = useState<"light" | "dark">("light");
  return (
    <>
      {html && (
        <Flex
          px={{ base: "4", md: choosesWidth ? "4" : "6" }}
          borderBottomWidth="1px"
          flexShrink={0}
          justify="space-between"
          align="center"
          gap="2"
          wrap="wrap"
        >
          <TabBar
            label="Show as"
            panelId={panelId}
            value={shown}
            onChange={setShown}
            tabs={[
              { value: "html", label: "As it looks" },
              { value: "text", label: "Plain text" },
            ]}
          />
          {choosesWidth && shown === "html" && (
            <Flex gap="2" wrap="wrap" py="1">
              <SegmentedField
                label="Colours of the preview"
                hideLabel
                value={colours}
                onChange={setColours}
                options={[
                  { value: "light", label: "Light", name: "Light, as it is written" },
                  { value: "dark", label: "Dark", name: "Dark, about as mail programs turn it" },
                ]}
              />
              <SegmentedField
                label="Width of the preview"
                hideLabel
                value={on}
                onChange={setOn}
                options={[
                  { value: "computer", label: "600", name: "600 pixels, as on a computer" },
                  { value: "telephone", label: "375", name: "375 pixels, as on a telephone" },
                ]}
              />
            </Flex>
          )}
        </Flex>
      )}
      <Box id={panelId} role={html ? "tabpanel" : undefined} flex="1" minH="20rem" display="flex" flexDirection="column">
        {shown === "html" && html ? (
          <EmailFrame
            title={`E-mail: ${subject ?? "no subject"}`}
            html={html}
            isDark={colours === "dark"}
            {...(choosesWidth && { width: widths[on] })}
          />
        ) : (
          <Text px={{ base: "4", md: "6" }} py="5" textStyle="md" whiteSpace="pre-wrap" overflowWrap="anywhere" dir="auto" maxW="44rem">
            {text ? withoutTokens(text) : "This e-mail has no plain text."}
          </Text>
        )}
      </Box>
    </>
  );
}
