-- judgeSilence: grants grace when there was no pass for longer than silenceMs.
-- In that time no instance ran, or Redis stood still: users could not ask, and the end of a hold or of a
-- slot may not have been told yet.
-- terms  see presenceTerms
-- @use clear-presence
local function judgeSilence(queue, terms)
  local lastPassMs = tonumber(redis.call("HGET", metaKey, "refilled") or queue.nowMs)
  if queue.nowMs - lastPassMs <= terms.silenceMs then
    return
  end
  clearPresence()
  queue.claimGraceEndMs =
    math.max(queue.claimGraceEndMs, queue.nowMs + terms.askSlowestMs + terms.graceMs)
  queue.holdGraceEndMs = math.max(queue.holdGraceEndMs, queue.nowMs + terms.graceMs)
  redis.call("HSET", metaKey, "lenient", string.format("%.0f", queue.claimGraceEndMs),
    "spared", string.format("%.0f", queue.holdGraceEndMs))
end
