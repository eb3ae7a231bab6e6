-- appendJournal: notes an event of a place until the database has it.
-- kind     ADMITTED | STEPPED_OVER | RETURNED, or the reason of an end
-- untilMs  epoch ms, end of the session, of an admission; else 0
local function appendJournal(queue, kind, user, place, untilMs)
  local n = redis.call("HINCRBY", metaKey, "journalSeq", 1)
  redis.call("ZADD", journalKey, n, string.format("%.0f %.0f %s %s %.0f %.0f %.0f", n, queue.epoch,
    kind, user, place, queue.nowMs, untilMs))
end
