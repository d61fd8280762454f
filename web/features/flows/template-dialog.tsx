import type { Flow } from "#contract/flows.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TemplateChoice } from "./template-choice.tsx";

interface TemplateDialogProps {
  open: boolean;
  onClose: () => void;
  onOpenFlow: (flow: Flow) => void;
}

/** Adds a flow that ships with the product. It stays open, so that several can be added. */
export function TemplateDialog({ open, onClose, onOpenFlow }: TemplateDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="xl"
      title="Add a flow from a template"
      description="It becomes a flow of this workspace, to copy and rename as you like."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <TemplateChoice
        onAdded={(flow) => {
          onClose();
          onOpenFlow(flow);
        }}
      />
    </Dialog>
  );
}
