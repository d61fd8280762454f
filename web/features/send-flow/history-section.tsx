import { Spinner } from "@chakra-ui/react";
import { History } from "lucide-react";
import { Suspense, useState } from "react";
import { lazyLater } from "#ui/lazy-later.ts";
import { Fold } from "./fold.tsx";

const HistoryOfContact = lazyLater(async () => (await import("./history-of-contact.tsx")).HistoryOfContact);

interface HistorySectionProps {
  contactId: string;
  disabled: boolean;
}

/** What the one chosen contact went through, folded away and read when it is opened. */
export function HistorySection({ contactId, disabled }: HistorySectionProps) {
  const [open, setOpen] = useState(false);
  return (
    <Fold
      icon={History}
      title="History"
      summary="What this contact got, and what is planned"
      open={open}
      onOpen={setOpen}
      disabled={disabled}
    >
      <Suspense fallback={<Spinner size="sm" m="3" />}>
        <HistoryOfContact contactId={contactId} />
      </Suspense>
    </Fold>
  );
}
