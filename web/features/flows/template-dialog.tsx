import { Dialog } from "#ui/dialog.tsx";
import { TemplateChoice, type TemplateChoiceProps } from "./template-choice.tsx";

interface TemplateDialogProps extends TemplateChoiceProps {
  open: boolean;
  onClose: () => void;
}

/** Makes a draft of a flow that ships with the product. */
export function TemplateDialog({ open, onClose, ...choice }: TemplateDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="xl"
      title="New flow from a template"
      description="It becomes a draft of this workspace. Nobody gets it before you publish it."
    >
      <TemplateChoice {...choice} />
    </Dialog>
  );
}
