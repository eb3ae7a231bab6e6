-- appendEntries: notes events of places, in their order, until the database has them.
-- entries  see appendJournal
local function appendEntries(queue, entries)
  if #entries == 0 then
    return
  end
  local n = redis.call("HINCRBY", metaKey, "journalSeq", #entries) - #entries
  local words = { "ZADD", journalKey }
  for i, entry in ipairs(entries) do
    words[2 * i + 1] = n + i
    words[2 * i + 2] = string.format("%.0f %.0f %s %s %.0f %.0f %.0f", n + i, queue.epoch,
      entry.kind, entry.user, entry.place, queue.nowMs, entry.untilMs)
  end
  redis.call(unpack(words))
end
