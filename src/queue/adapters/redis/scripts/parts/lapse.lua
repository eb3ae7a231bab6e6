-- lapse: a slot whose lease is over. Who never came is set aside, once; all others have had their turn.

-- Nobody is known to have been told anything: those at the front will be thought of anew.
local function forgetPresence()
  redis.call("UNLINK", present)
  redis.call("HDEL", meta, "watched")
end

-- After a time in which nobody was there to be asked, nobody has missed anything.
local function judgeSilence(slowestMs, lateMs, longestMs)
  local lastPassMs = tonumber(redis.call("HGET", meta, "refilled") or nowMs)
  if nowMs - lastPassMs <= longestMs then
    return
  end
  forgetPresence()
  lenientUntilMs = math.max(lenientUntilMs, nowMs + slowestMs + lateMs)
  sparedUntilMs = math.max(sparedUntilMs, nowMs + lateMs)
  redis.call("HSET", meta, "lenient", string.format("%.0f", lenientUntilMs),
    "spared", string.format("%.0f", sparedUntilMs))
end

-- Until when a slot does not end, because what carries it may not be known here yet.
local function sparedUntil(slot)
  if isPuttingBack() then
    return nowMs + 1000
  end
  return slot.claimBy == 0 and sparedUntilMs or 0
end

-- "lapsed" | "stepped-over" | "kept", for who could not come, and while it cannot be known
local function lapse(user, slot)
  local spareMs = sparedUntil(slot)
  if nowMs < spareMs then
    redis.call("ZADD", active, spareMs, user)
    return "kept"
  end
  if slot.claimBy > 0 and nowMs < math.min(lenientUntilMs, slot.session) then
    slot.claimBy = math.min(lenientUntilMs, slot.session)
    keepActive(user, slot, slot.claimBy)
    return "kept"
  end
  if slot.claimBy == 0 or slot.chances > 0 then
    endPlace(user, slot.place, "LAPSED")
    return "lapsed"
  end
  slot.chances = 1
  redis.call("ZREM", active, user)
  setAside(user, slot)
  return "stepped-over"
end
