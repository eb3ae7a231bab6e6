-- queueCounters: the head of a reply: a word, nowMs and the counters of the queue; snapshots.ts reads them in
-- this order.
-- @use count-holding
local function queueCounters(queue, word)
  local meta = redis.call("HMGET", metaKey, "admitted", "admittedLastMinute", "firstAdmittedAt",
    "nowServing", "LEFT", "LAPSED", "turnsEnded", "PAID", "leftWaiting", "activeMs", "holdingMs",
    "waitingMs")
  local reply = { word, queue.nowMs,
    redis.call("ZCARD", waitingKey) + redis.call("ZCARD", returnedKey),
    redis.call("ZCARD", activeKey), countHolding(queue.nowMs),
    tonumber(redis.call("GET", seqKey) or 0) }
  for i = 1, 6 do
    reply[6 + i] = tonumber(meta[i] or 0)
  end
  reply[13] = queue.recoveryEndMs and 1 or 0
  reply[14] = redis.call("ZCARD", skippedKey)
  reply[15] = redis.call("SCARD", boughtKey)
  for i = 7, 12 do
    reply[9 + i] = tonumber(meta[i] or 0)
  end
  reply[22] = queue.waitingListAtMs and 1 or 0
  return reply
end
