-- countTime: adds the time since the last pass to the times that users have spent, of which a forecast is made.
-- elapsedMs  ms since the last pass, at most the gap after which no user counts as late
-- counts     a table, how many users there are now: active, holding, waiting
local function countTime(elapsedMs, counts)
  redis.call("HINCRBY", metaKey, "activeMs", string.format("%.0f", elapsedMs * counts.active))
  redis.call("HINCRBY", metaKey, "holdingMs", string.format("%.0f", elapsedMs * counts.holding))
  redis.call("HINCRBY", metaKey, "waitingMs", string.format("%.0f", elapsedMs * counts.waiting))
end
