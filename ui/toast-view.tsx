import { Box, Toaster as ChakraToaster, Flex, Icon, Portal, Stack, Toast } from "@chakra-ui/react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { Button } from "./button.tsx";
import { toastDrawing, toaster } from "./toast-drawing.ts";
import { setToastDrawing, type ToastInput, type ToastStatus, type ToastUndo } from "./toaster.tsx";
import { UndoOffer } from "./undo-offer.tsx";
import { useStandClear } from "./use-stand-clear.ts";

const looks = {
  success: { icon: CircleCheck, color: "fg.success" },
  error: { icon: CircleAlert, color: "fg.error" },
  warning: { icon: TriangleAlert, color: "fg.warning" },
  info: { icon: Info, color: "fg.info" },
} as const;

function StandClear() {
  useStandClear();
  return null;
}

/** Draws the toasts. */
export function ToastView() {
  // The machine of the toasts begins in a microtask after its first effect, and hears only of toasts that come later.
  useEffect(() => {
    const begun = setTimeout(() => setToastDrawing(toastDrawing, true));
    return () => {
      clearTimeout(begun);
      setToastDrawing(toastDrawing, false);
    };
  }, []);
  return (
    <Portal>
      <ChakraToaster toaster={toaster} insetInline={{ mdDown: "4" }}>
        {(shown) => {
          const look = looks[(shown.type as ToastStatus | undefined) ?? "info"] ?? looks.info;
          const undo = shown.meta?.undo as (ToastUndo & { until: number }) | undefined;
          const more = shown.meta?.more as ToastInput["more"];
          return (
            <Toast.Root width={{ md: "sm" }}>
              <StandClear />
              <Icon boxSize="4.5" mt="0.5" color={look.color} flexShrink={0}>
                <look.icon aria-hidden />
              </Icon>
              <Stack gap="0.5" flex="1" minW="0" overflowWrap="anywhere">
                <Toast.Title>{shown.title}</Toast.Title>
                {shown.description && <Toast.Description>{shown.description}</Toast.Description>}
                {undo && (
                  <Box mt="2">
                    <UndoOffer what={undo.what} until={undo.until} length={undo.within} onUndo={undo.onUndo} />
                  </Box>
                )}
                {shown.action && (
                  <Flex gap="2" align="center" mt={undo ? "2" : "1"}>
                    <Toast.ActionTrigger>{shown.action.label}</Toast.ActionTrigger>
                    {more && (
                      <Button
                        size="xs"
                        tone="ghost"
                        onClick={() => {
                          more.onClick();
                          toaster.dismiss(shown.id);
                        }}
                      >
                        {more.label}
                      </Button>
                    )}
                  </Flex>
                )}
              </Stack>
              <Toast.CloseTrigger />
            </Toast.Root>
          );
        }}
      </ChakraToaster>
    </Portal>
  );
}
