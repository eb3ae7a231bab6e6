-- updateRecovery: starts the recovery at the first step after `attach`, and ends it when its time is over
-- and the records of the database have been put back.
-- Until the first step meta holds the time to wait, in ms and below zero; then the end, in epoch ms.
-- returns recoveryEndMs: epoch ms, or nil when the queue does not recover
local function updateRecovery(queue)
  local untilMs = queue.recoveryUntilMs
  if not untilMs then
    return nil
  end
  if untilMs < 0 then
    untilMs = queue.nowMs - untilMs
    redis.call("HSET", metaKey, "recovering", string.format("%.0f", untilMs))
  end
  if queue.nowMs < untilMs then
    return untilMs
  end
  if not queue.isRebuilt then
    -- The instance that rebuilds may need a moment more: ask again in a second.
    return queue.nowMs + 1000
  end
  -- A clock that is set back later cannot start the recovery again.
  redis.call("HDEL", metaKey, "recovering", "rebuilt")
  return nil
end
