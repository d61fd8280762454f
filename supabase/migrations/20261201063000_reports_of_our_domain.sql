-- E-mails that came back because of our own domain, so that the guard of a workspace counts them without reading all reports.
create index message_reports_of_our_domain on public.message_reports (workspace_id, received_at) where reason = 'sender_refused';
