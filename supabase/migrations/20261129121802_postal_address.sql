-- What marketing e-mail must say of its sender (CAN-SPAM): where the business can be reached by post.
alter table public.workspaces add column postal_address text check (length(postal_address) between 1 and 300);
grant update (postal_address) on public.workspaces to sluice_member;
