-- grantGraceAfterGap: grants grace when there was no pass for longer than passGapMs.
-- In that time no instance ran, or Redis stood still: users could not ask, and the end of a hold or of a
-- slot may not have been told yet.
-- terms  see presenceTerms
-- @use clear-presence
local function grantGraceAfterGap(queue, terms)
  local lastPassMs = tonumber(redis.call("HGET", metaKey, "lastPassAt") or queue.nowMs)
  if queue.nowMs - lastPassMs <= terms.passGapMs then
    return
  end
  clearPresence()
  queue.claimGraceEndMs =
    math.max(queue.claimGraceEndMs, queue.nowMs + terms.pollSlowestMs + terms.graceMs)
  queue.holdGraceEndMs = math.max(queue.holdGraceEndMs, queue.nowMs + terms.graceMs)
  redis.call("HSET", metaKey, "claimGraceUntil", string.format("%.0f", queue.claimGraceEndMs),
    "holdGraceUntil", string.format("%.0f", queue.holdGraceEndMs))
end
