-- trim-journal: forget entries that the database has, and the ends that only they told.
-- ARGV[3] throughN  integer, the last entry that was confirmed
-- returns "trimmed"
-- cost O(entries · log n)
-- @use queue
-- @use recovery
local known = redis.call("ZRANGE", journal, "-inf", ARGV[3], "BYSCORE")
-- What was read of the database before it had them may be about to be put back: then the ends stay.
for _, entry in ipairs(isPuttingBack() and {} or known) do
  local kind, user, place = string.match(entry, "^%d+ %d+ (%S+) (%S+) (%d+)")
  if redis.call("HGET", ending, user) == place .. ":" .. kind then
    redis.call("HDEL", ending, user)
  end
end
redis.call("ZREMRANGEBYSCORE", journal, "-inf", ARGV[3])
return { "trimmed" }
