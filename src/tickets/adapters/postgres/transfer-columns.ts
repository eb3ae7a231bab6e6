/** The columns of a ticket `t` of a concert `c` that decide about passing it on. */
export const transferColumns = `c.policy -> 'transfers' as rule,
    c.cancelled_at is not null as "isOfCancelledConcert",
    array(
      select former.from_user_id from ticket_transfer former
      where former.ticket_id = t.ticket_id and former.to_user_id is not null order by former.ticket_version
    ) as "formerHolderIds"`;
