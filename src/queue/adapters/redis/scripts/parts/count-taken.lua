-- countTaken: how many users have taken a seat within stockLagMs; forgets the others.
local function countTaken(nowMs)
  redis.call("ZREMRANGEBYSCORE", takenKey, "-inf", string.format("%.0f", nowMs - stockLagMs))
  return redis.call("ZCARD", takenKey)
end
