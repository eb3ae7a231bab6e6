-- updateExpiry: gives the keys of a queue that is over an end, and takes it back when the queue goes on.
-- A queue is over when its sale is final, no user is in it, and the database has the whole journal. `expiresAt` of
-- meta holds the end of its keys, epoch ms; it is absent while they have none.
-- keys  the keys of the queue
-- @use count-occupied
local function updateExpiry(nowMs, keys, isFinal, retentionMs)
  -- The end is put off once an hour: seldom enough to cost nothing, and days before the keys would go.
  local renewedAfterMs = 3600000
  local endMs = tonumber(redis.call("HGET", metaKey, "expiresAt"))
  local isOver = isFinal and countOccupied() == 0
  if isOver then
    -- Without an end of the first key the others would go at once.
    local isDue = not endMs or nowMs + retentionMs - endMs >= renewedAfterMs
      or redis.call("PTTL", keys[1]) < 0
    if isDue then
      redis.call("HSET", metaKey, "expiresAt", string.format("%.0f", nowMs + retentionMs))
      redis.call("PEXPIRE", keys[1], retentionMs)
    end
    -- PEXPIRE goes by the clock of Redis, which tests do not move: all keys take the end of the first. A request may
    -- have written one of them anew since.
    local untilMs = string.format("%.0f", redis.call("PEXPIRETIME", keys[1]))
    for i = 2, #keys do
      if isDue or redis.call("PTTL", keys[i]) == -1 then
        redis.call("PEXPIREAT", keys[i], untilMs)
      end
    end
  elseif endMs then
    redis.call("HDEL", metaKey, "expiresAt")
    for i = 1, #keys do
      redis.call("PERSIST", keys[i])
    end
  end
end
