-- extendClaimGrace: gives every user until the next time to ask to claim a slot.
-- terms  see presenceTerms
local function extendClaimGrace(queue, terms)
  queue.claimGraceUntilMs =
    math.max(queue.claimGraceUntilMs, queue.nowMs + terms.pollSlowestMs + terms.graceMs)
  redis.call("HSET", metaKey, "claimGraceUntil", string.format("%.0f", queue.claimGraceUntilMs))
end
