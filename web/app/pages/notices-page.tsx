import { Box, Stack } from "@chakra-ui/react";
import { Page } from "#ui/page.tsx";
import { NoticeByEmail } from "#web/features/notices/notice-by-email.tsx";
import { NoticeList } from "#web/features/notices/notice-list.tsx";

/** What the members should know of, and whether it comes by e-mail too. */
export function NoticesPage() {
  return (
    <Page title="Notices">
      <Stack gap="6" px={{ base: "4", md: "6" }} py="5" maxW="56rem" width="full">
        <Box>
          <NoticeList />
        </Box>
        <NoticeByEmail />
      </Stack>
    </Page>
  );
}
