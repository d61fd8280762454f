import { Box } from "@chakra-ui/react";
import { CheckCheck } from "lucide-react";
import { useState } from "react";
import type { Contact } from "#contract/contacts.ts";
import type { Channel } from "#contract/messages.ts";
import { Button } from "#ui/button.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { OnceOpened } from "#ui/once-opened.tsx";
import { useSession } from "#web/entities/session/use-session.ts";

const RecordConsentDialog = lazyLater(async () => (await import("./record-consent-dialog.tsx")).RecordConsentDialog);

/** The channels on which a consent can be written down: with an address, for which it counts, and without an opt-out. */
const consentChannels = ({ phoneE164, email, smsOptedOutAt, emailOptedOutAt }: Contact): Channel[] => [
  ...(phoneE164 && smsOptedOutAt === null ? (["sms"] as const) : []),
  ...(email && emailOptedOutAt === null ? (["email"] as const) : []),
];

/** Lets an editor write down a consent of a contact who has refused nothing. An opt-out is taken back in the form of the contact. */
export function RecordConsent({ contact }: { contact: Contact }) {
  const { can } = useSession();
  const [open, setOpen] = useState(false);
  /** How often it was opened. Each time it begins empty. */
  const [times, setTimes] = useState(0);
  if (!can("editor") || contact.dnc || consentChannels(contact).length === 0) return null;
  const ask = () => {
    setTimes(times + 1);
    setOpen(true);
  };
  return (
    <Box mt="1">
      <Button size="xs" icon={CheckCheck} onClick={ask}>
        Record consent
      </Button>
      <OnceOpened open={open}>
        <RecordConsentDialog key={times} contact={contact} channels={consentChannels(contact)} open={open} onClose={() => setOpen(false)} />
      </OnceOpened>
    </Box>
  );
}
