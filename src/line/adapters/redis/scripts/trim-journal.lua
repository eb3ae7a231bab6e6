-- trim-journal: forget entries that the database has, and the ends that only they told.
-- ARGV[3] throughN  integer, the last entry that was confirmed
-- returns "trimmed"
-- cost O(entries · log n)
-- @use line
local known = redis.call("ZRANGE", journal, "-inf", ARGV[3], "BYSCORE")
for _, entry in ipairs(known) do
  local kind, user, place = string.match(entry, "^%d+ %d+ (%S+) (%S+) (%d+)")
  if redis.call("HGET", ending, user) == place .. ":" .. kind then
    redis.call("HDEL", ending, user)
  end
end
redis.call("ZREMRANGEBYSCORE", journal, "-inf", ARGV[3])
return { "trimmed" }
