-- trim-journal: removes the entries that the database has, and the ends that only these entries told.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] throughN  integer, number of the last entry that the database has
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "trimmed"
-- atomic because an end that comes between reading and removing must stay
-- cost O(entries · log n)
-- @use open-queue
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local known = redis.call("ZRANGE", journalKey, "-inf", ARGV[3], "BYSCORE")
-- An instance may have read records without these entries, and may be about to apply them: the ends stay.
for _, entry in ipairs(queue.awaitsRebuild and {} or known) do
  local kind, user, place = string.match(entry, "^%d+ %d+ (%S+) (%S+) (%d+)")
  if redis.call("HGET", endingKey, user) == place .. ":" .. kind then
    redis.call("HDEL", endingKey, user)
  end
end
redis.call("ZREMRANGEBYSCORE", journalKey, "-inf", ARGV[3])
return { "trimmed" }
