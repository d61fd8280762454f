import { Button, type ButtonProps } from "#ui/button.tsx";
import { useLeaveQuestion } from "#ui/discard-question.tsx";

interface SaveButtonProps extends Omit<ButtonProps, "tone"> {
  /** Something was entered that is not saved. */
  changed: boolean;
}

/** Saves a form of the settings. As each of them has one, it is what asks before a change is lost to a link or the Back button. */
export function SaveButton({ changed, ...button }: SaveButtonProps) {
  const question = useLeaveQuestion(changed);
  return (
    <>
      <Button tone="primary" disabled={!changed} {...button} />
      {question}
    </>
  );
}
