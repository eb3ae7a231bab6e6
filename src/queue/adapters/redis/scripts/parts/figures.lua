-- figures: the head of a reply: status, nowMs, and the queue as a whole (see sights.ts for the order).
local function head(status)
  local counts = redis.call("HMGET", meta, "admitted", "minute", "since", "serving",
    "LEFT", "LAPSED")
  local reply = { status, nowMs,
    redis.call("ZCARD", waiting) + redis.call("ZCARD", returned), redis.call("ZCARD", active),
    countHolding(), tonumber(redis.call("GET", seq) or 0) }
  for i = 1, 6 do
    reply[6 + i] = tonumber(counts[i] or 0)
  end
  reply[13] = recoversAtMs and 1 or 0
  reply[14] = redis.call("ZCARD", aside)
  return reply
end
