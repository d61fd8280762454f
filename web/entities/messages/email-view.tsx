import { Box, chakra, Text } from "@chakra-ui/react";
import { useId, useState } from "react";
import { TabBar } from "#ui/tab-bar.tsx";

/**
 * The e-mail in a frame of its own: no scripts, no cookies, no way to this page; pictures from elsewhere are not
 * fetched (the page's security policy), so looking at a message tells nobody anything. Links open in a new tab.
 */
const inFrame = (html: string) => `<!doctype html><base target="_blank"><meta name="color-scheme" content="light">${html}`;

interface EmailViewProps {
  subject: string | null;
  text: string | null;
  html: string | null;
}

export function EmailView({ subject, text, html }: EmailViewProps) {
  const panelId = useId();
  const [shown, setShown] = useState<"html" | "text">(html ? "html" : "text");
  return (
    <>
      {html && (
        <Box px={{ base: "4", md: "6" }} borderBottomWidth="1px" flexShrink={0}>
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
        </Box>
      )}
      <Box id={panelId} role={html ? "tabpanel" : undefined} flex="1" minH="20rem" display="flex" flexDirection="column">
        {shown === "html" && html ? (
          <chakra.iframe
            title={`E-mail: ${subject ?? "no subject"}`}
            srcDoc={inFrame(html)}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            referrerPolicy="no-referrer"
            flex="1"
            width="full"
            border="0"
            bg="white"
          />
        ) : (
          <Text px={{ base: "4", md: "6" }} py="5" textStyle="md" whiteSpace="pre-wrap" overflowWrap="anywhere" dir="auto" maxW="44rem">
            {text || "This e-mail has no plain text."}
          </Text>
        )}
      </Box>
    </>
  );
}
