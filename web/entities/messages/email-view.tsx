import { Box, Flex, Text } from "@chakra-ui/react";
import { useId, useMemo, useState } from "react";
import { withoutCounting, withoutTokens } from "#contract/tracking-paths.ts";
import { Button } from "#ui/button.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { EmailFrame } from "./email-frame.tsx";
import { hasForeignPictures } from "./foreign-pictures.ts";

interface EmailViewProps {
  subject: string | null;
  text: string | null;
  html: string | null;
  /** The author of an e-mail looks at it as wide as on a computer and as on a telephone. */
  choosesWidth?: boolean;
}

const widths = { computer: 600, telephone: 375 } as const;

const pictureWords = {
  away: "Pictures from elsewhere are not loaded, so nobody learns that you look.",
  shown: "Pictures are loaded until you close this e-mail. Those at http:// addresses stay away.",
  failed: "The pictures could not be shown. Reload the page and try again.",
} as const;

export function EmailView({ subject, text, html, choosesWidth = false }: EmailViewProps) {
  const panelId = useId();
  const [shown, setShown] = useState<"html" | "text">(html ? "html" : "text");
  const [on, setOn] = useState<keyof typeof widths>("computer");
  const [colours, setColours] = useState<"light" | "dark">("light");
  const [pictures, setPictures] = useState<"away" | "shown" | "failed">("away");
  const hasPictures = useMemo(() => html !== null && hasForeignPictures(withoutCounting(html)), [html]);
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
        {shown === "html" && html && hasPictures && (
          <Flex px={{ base: "4", md: choosesWidth ? "4" : "6" }} py="2" gap="3" align="center" borderBottomWidth="1px" bg="bg.subtle">
            <Text role="status" textStyle="sm" color="fg.muted" flex="1">
              {pictureWords[pictures]}
            </Text>
            <Button size="xs" onClick={() => setPictures(pictures === "shown" ? "away" : "shown")}>
              {pictures === "shown" ? "Hide pictures" : "Show pictures"}
            </Button>
          </Flex>
        )}
        {shown === "html" && html ? (
          <EmailFrame
            title={`E-mail: ${subject ?? "no subject"}`}
            html={html}
            isDark={colours === "dark"}
            withPictures={hasPictures && pictures === "shown"}
            onNoPictures={() => setPictures("failed")}
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
