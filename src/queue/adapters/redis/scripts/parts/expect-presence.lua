-- expectPresence: notes by when a user near the front must ask again, and the position that the user was told.
-- Behind the front nothing is kept: presence matters only where the turn is near.
-- rank  0 or more, users ahead in the same set
local function expectPresence(queue, user, rank, position)
  local terms = queue.presence
  if terms and rank < terms.watchMax then
    local nearMs = queue.recoveryEndMs and terms.askSlowestMs
      or math.max(terms.askNearMs, position * terms.askPerPlaceMs)
    local askByMs = queue.nowMs + math.min(terms.askSlowestMs, nearMs) + terms.graceMs
    redis.call("HSET", presentKey, user, string.format("%.0f:%.0f", askByMs, position))
  end
end
