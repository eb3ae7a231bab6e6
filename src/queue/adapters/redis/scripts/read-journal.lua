-- read-journal: the oldest entries that the database has not confirmed.
-- ARGV[3] entriesMax  integer
-- returns "read", then entries as text: n queueEpoch kind user place atMs untilMs
-- cost O(entriesMax)
-- @use queue
local entries = redis.call("ZRANGE", journal, 0, tonumber(ARGV[3]) - 1)
return { "read", unpack(entries) }
