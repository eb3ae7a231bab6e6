-- recovery: whether the queue waits for its people, because its store may have lost them or was silent.
-- meta keeps, from attach on, how long to wait: below zero until the first step, then until when.

-- Until when nobody is admitted; nil once that is over and what the database knows has been put back.
local function recoveryEnd()
  local kept = redis.call("HMGET", meta, "recovering", "rebuilt")
  local untilMs = tonumber(kept[1])
  if not untilMs then
    return nil
  end
  if untilMs < 0 then
    untilMs = nowMs - untilMs
    redis.call("HSET", meta, "recovering", string.format("%.0f", untilMs))
  end
  if nowMs < untilMs then
    return untilMs
  end
  if not kept[2] then
    return nowMs + 1000
  end
  -- Once over, it stays over, whatever the clock does.
  redis.call("HDEL", meta, "recovering", "rebuilt")
  return nil
end

local recoversAtMs = recoveryEnd()

-- Whether what the database knows has yet to be put back.
local function isPuttingBack()
  return recoversAtMs and redis.call("HEXISTS", meta, "rebuilt") == 0
end

-- Until when nobody loses a slot for not having come: he could not, or not long enough; and no slot
-- ends that was claimed: word of the hold that carries it may be on its way.
local forbearance = redis.call("HMGET", meta, "lenient", "spared")
local lenientUntilMs = math.max(recoversAtMs or 0, tonumber(forbearance[1]) or 0)
local sparedUntilMs = tonumber(forbearance[2]) or 0
