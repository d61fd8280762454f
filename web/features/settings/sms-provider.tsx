import { Text } from "@chakra-ui/react";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { Button } from "#ui/button.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { Row, Rows } from "./section.tsx";
import { TestMessageDialog } from "./test-message-dialog.tsx";

export function SmsProvider() {
  const { can } = useSession();
  const [testing, setTesting] = useState(false);
  return (
    <>
      <Rows label="SMS provider">
        <Row
          stacked
          actions={
            can("admin") && (
              <Button icon={Inbox} onClick={() => setTesting(true)}>
                Send test message
              </Button>
            )
          }
        >
          <Text fontWeight="medium">Caught in the Inbox</Text>
          <Text textStyle="sm" color="fg.muted">
            Every SMS is written out in full, with its number of parts, and never leaves this machine.
          </Text>
        </Row>
      </Rows>
      <TestMessageDialog channel="sms" provider="catch" open={testing} onClose={() => setTesting(false)} />
    </>
  );
}
