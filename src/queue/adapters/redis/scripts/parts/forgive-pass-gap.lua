-- forgivePassGap: grants a grace period when there was no pass for longer than passGapMs.
-- In that time no instance ran, or Redis stood still. Users could not ask, and no instance could tell Redis
-- of a hold that carries a slot.
-- terms  see presenceTerms
-- @use clear-presence
-- @use extend-claim-grace
local function forgivePassGap(queue, terms)
  local lastPassMs = tonumber(redis.call("HGET", metaKey, "lastPassAt") or queue.nowMs)
  if queue.nowMs - lastPassMs <= terms.passGapMs then
    return
  end
  clearPresence()
  extendClaimGrace(queue, terms)
  queue.holdGraceUntilMs = math.max(queue.holdGraceUntilMs, queue.nowMs + terms.graceMs)
  redis.call("HSET", metaKey, "holdGraceUntil", string.format("%.0f", queue.holdGraceUntilMs))
end
