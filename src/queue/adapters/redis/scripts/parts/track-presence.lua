-- trackPresence: notes by when a user near the front must ask again, and the position that the user was told.
-- Behind the front nothing is kept: presence matters only where the turn is near.
-- rank  0 or more, users ahead in the same set
local function trackPresence(queue, user, rank, position)
  local terms = queue.presence
  if terms and rank < terms.trackedMax then
    local nearMs = queue.recoveryEndMs and terms.pollSlowestMs
      or math.max(terms.pollNearMs, position * terms.pollPerPlaceMs)
    local pollByMs = queue.nowMs + math.min(terms.pollSlowestMs, nearMs) + terms.graceMs
    redis.call("HSET", presenceKey, user, string.format("%.0f:%.0f", pollByMs, position))
  end
end
