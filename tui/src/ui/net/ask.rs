//! Questions with one answer.

use atelier_proto::{
    client::Client,
    request_id,
    v1::{
        AdjustCreditsRequest, CancelJobRequest, CreateInvitationRequest, DeleteConversationRequest,
        DeleteJobRequest, GetBalanceRequest, GetConversationRequest, JobState, ListAllJobsRequest,
        ListAuditRequest, ListConversationsRequest, ListJobsRequest, ListMemberTransfersRequest,
        ListMembersRequest, ListStartersRequest, ListTransfersRequest, RefundJobRequest,
        RenameConversationRequest, ResetPasswordRequest, RetryJobRequest, RetryMemberJobRequest,
        SetRoleRequest, SetSuspendedRequest, VerifyLedgerRequest,
    },
};

use super::{
    super::{
        model::Fault,
        msg::{Done, Net, Order},
        text,
    },
    convert::{self, call, fault},
};

/// Rows of one page of a list.
const PAGE: u32 = 100;
/// Messages of one page of a conversation.
const MESSAGES: u32 = 60;

/// Asks, and says what was answered; nothing when there is nothing to say.
pub(super) async fn ask(client: &Client, order: Order) -> Option<Net> {
    Some(match order {
        Order::Conversations(ticket) => {
            let request = ListConversationsRequest { page_size: PAGE, page_token: String::new() };
            let answer = call!(client, conversations, list_conversations, request);
            Net::Conversations(
                ticket,
                answer.map(|page| {
                    convert::page(page.conversations, page.next_page_token, convert::conversation)
                }),
            )
        }
        Order::Messages(ticket, id, page) => {
            let request = GetConversationRequest {
                conversation_id: id.clone(),
                page_size: MESSAGES,
                page_token: page.unwrap_or_default(),
            };
            let answer = call!(client, conversations, get_conversation, request);
            let answer = answer.map(|page| {
                let messages = page.messages.into_iter().filter_map(convert::message).collect();
                convert::page(messages, page.previous_page_token, |entry| entry)
            });
            Net::Messages(ticket, id, answer)
        }
        Order::Starters => {
            let answer = call!(client, conversations, list_starters, ListStartersRequest {});
            Net::Starters(answer.ok()?.starters.iter().map(|words| convert::clean(words)).collect())
        }
        Order::Rename(id, title) => {
            let request = RenameConversationRequest { request_id: request_id(), conversation_id: id, title };
            let answer = call!(client, conversations, rename_conversation, request);
            Net::Done(answer.map(|_| Done::Jobs("Renamed.".to_owned())))
        }
        Order::DeleteConversation(id) => {
            let request = DeleteConversationRequest { request_id: request_id(), conversation_id: id };
            refused(call!(client, conversations, delete_conversation, request))?
        }
        Order::Cancel(id) => {
            let request = CancelJobRequest { request_id: request_id(), job_id: id };
            let answer = call!(client, jobs, cancel_job, request);
            Net::Done(
                answer.map(|_| Done::Jobs("It ends at its next step; no credits are taken.".to_owned())),
            )
        }
        Order::Again(id, new_seed) => {
            let request = RetryJobRequest { request_id: request_id(), job_id: id, new_seed };
            let answer = call!(client, jobs, retry_job, request);
            Net::Done(answer.map(|_| Done::Word("It waits in the queue.".to_owned())))
        }
        Order::DeleteJob(id) => {
            let request = DeleteJobRequest { request_id: request_id(), job_id: id };
            refused(call!(client, jobs, delete_job, request))?
        }
        Order::Results(ticket, page) => {
            let more = page.is_some();
            let request = ListJobsRequest {
                page_size: PAGE,
                page_token: page.unwrap_or_default(),
                state: JobState::Succeeded.into(),
                ..ListJobsRequest::default()
            };
            let answer = call!(client, jobs, list_jobs, request);
            let answer = answer.map(|page| convert::page(page.jobs, page.next_page_token, convert::job));
            Net::Results(ticket, more, answer)
        }
        Order::Wallet => {
            Net::Wallet(call!(client, credits, get_balance, GetBalanceRequest {}).map(convert::wallet))
        }
        Order::Transfers(ticket, kind, page) => {
            let more = page.is_some();
            let request = ListTransfersRequest {
                page_size: PAGE,
                page_token: page.unwrap_or_default(),
                kind: convert::transfer_kind_on_the_wire(kind).into(),
                ..ListTransfersRequest::default()
            };
            let answer = call!(client, credits, list_transfers, request);
            let answer =
                answer.map(|page| convert::page(page.transfers, page.next_page_token, convert::transfer));
            Net::Transfers(ticket, more, answer)
        }
        Order::Bytes(source, asset, side) => {
            let answer = client.download(&asset, side).await.map_err(|status| fault!(status));
            Net::Bytes(source, answer.map(|file| file.bytes.into()))
        }
        Order::File(purpose, asset) => {
            let answer = client.download(&asset, 0).await.map_err(|status| fault!(status));
            Net::File(purpose, answer.map(|file| file.bytes.into()))
        }
        admins => return ask_as_admin(client, admins).await,
    })
}

/// A word only when it did not work: the row is gone already.
fn refused<T>(answer: Result<T, Fault>) -> Option<Net> {
    answer.err().map(|fault| Net::Done(Err(fault)))
}

async fn ask_as_admin(client: &Client, order: Order) -> Option<Net> {
    Some(match order {
        Order::Members(ticket, search, page) => {
            let more = page.is_some();
            let request =
                ListMembersRequest { search, page_size: PAGE, page_token: page.unwrap_or_default() };
            let answer = call!(client, admin, list_members, request);
            let answer = answer.map(|page| {
                let rows = page.members.into_iter().filter_map(convert::member_row).collect();
                convert::page(rows, page.next_page_token, |row| row)
            });
            Net::Members(ticket, more, answer)
        }
        Order::Adjust(member, change_credits, reason) => {
            let word = format!("{member}: {}.", text::signed(change_credits));
            let request = AdjustCreditsRequest { request_id: request_id(), member, change_credits, reason };
            Net::Done(call!(client, admin, adjust_credits, request).map(|_| Done::Members(word)))
        }
        Order::SetRole(member, role) => {
            let word = format!("{member} is {} now.", role.word());
            let role = convert::role_on_the_wire(role).into();
            let request = SetRoleRequest { request_id: request_id(), member, role };
            Net::Done(call!(client, admin, set_role, request).map(|_| Done::Members(word)))
        }
        Order::Suspend(member, suspended, reason) => {
            let word = if suspended {
                format!("{member} may look, but not act.")
            } else {
                format!("{member} may act again.")
            };
            let request = SetSuspendedRequest { request_id: request_id(), member, suspended, reason };
            Net::Done(call!(client, admin, set_suspended, request).map(|_| Done::Members(word)))
        }
        Order::ResetPassword(member) => {
            let title = format!("Code for {member}");
            let request = ResetPasswordRequest { request_id: request_id(), member };
            let answer = call!(client, admin, reset_password, request);
            Net::Done(answer.map(|answer| Done::Secret(title, answer.code)))
        }
        Order::Invite => {
            let request =
                CreateInvitationRequest { request_id: request_id(), ..CreateInvitationRequest::default() };
            let answer = call!(client, admin, create_invitation, request);
            Net::Done(answer.map(|answer| Done::Secret("An invitation".to_owned(), answer.invitation)))
        }
        Order::AllJobs(ticket, state, member, page) => {
            let more = page.is_some();
            let request = ListAllJobsRequest {
                page_size: PAGE,
                page_token: page.unwrap_or_default(),
                state: convert::job_state_on_the_wire(state).into(),
                member,
                ..ListAllJobsRequest::default()
            };
            let answer = call!(client, admin, list_all_jobs, request);
            let answer = answer.map(|page| convert::page(page.jobs, page.next_page_token, convert::job));
            Net::AllJobs(ticket, more, answer)
        }
        Order::RetryMemberJob(id) => {
            let request = RetryMemberJobRequest { request_id: request_id(), job_id: id };
            let answer = call!(client, admin, retry_member_job, request);
            Net::Done(answer.map(|_| Done::Jobs("It waits in the queue.".to_owned())))
        }
        Order::Refund(id, reason) => {
            let request = RefundJobRequest { request_id: request_id(), job_id: id, reason };
            let answer = call!(client, admin, refund_job, request);
            Net::Done(
                answer.map(|answer| {
                    Done::Jobs(format!("{} went back.", text::credits(answer.refunded_credits)))
                }),
            )
        }
        Order::Verify => Net::Verified(
            call!(client, admin, verify_ledger, VerifyLedgerRequest {})
                .map(|found| convert::verification(&found)),
        ),
        Order::MemberTransfers(ticket, member, page) => {
            let more = page.is_some();
            let request =
                ListMemberTransfersRequest { member, page_size: PAGE, page_token: page.unwrap_or_default() };
            let answer = call!(client, admin, list_member_transfers, request);
            let answer =
                answer.map(|page| convert::page(page.transfers, page.next_page_token, convert::transfer));
            Net::MemberTransfers(ticket, more, answer)
        }
        Order::Audit(ticket, action, page) => {
            let more = page.is_some();
            let request = ListAuditRequest { page_size: PAGE, page_token: page.unwrap_or_default(), action };
            let answer = call!(client, admin, list_audit, request);
            let answer = answer.map(|page| {
                convert::page(page.entries, page.next_page_token, |entry| convert::audit(&entry))
            });
            Net::Audit(ticket, more, answer)
        }
        other => {
            tracing::error!(?other, "an order is executed elsewhere");
            return None;
        }
    })
}
