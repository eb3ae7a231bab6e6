-- read-journal: the oldest journal entries that the database has not confirmed.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] entriesMax  integer
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "read", then the entries, oldest first, each a text of appendJournal:
--   n queueEpoch kind user place atMs untilMs
-- atomic because the entries must be of the epoch that was checked
-- cost O(entriesMax)
-- @use read-queue
if not readQueue(ARGV[1], ARGV[2]) then
  return { "stale-epoch" }
end
return { "read", unpack(redis.call("ZRANGE", journalKey, 0, tonumber(ARGV[3]) - 1)) }
