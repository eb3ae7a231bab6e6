-- updateRecovery: starts the recovery at the first step after `attach`. It ends when its time is over and
-- the queue is rebuilt.
-- `recoveryUntil` of meta holds, before the first step, minus the wait in ms; then the end, epoch ms.
-- returns recoveryEndMs: epoch ms, or nil when the queue does not recover
local function updateRecovery(queue)
  local untilMs = queue.recoveryUntilMs
  if not untilMs then
    return nil
  end
  if untilMs < 0 then
    untilMs = queue.nowMs - untilMs
    redis.call("HSET", metaKey, "recoveryUntil", string.format("%.0f", untilMs))
  end
  if queue.nowMs < untilMs then
    return untilMs
  end
  if not queue.isRebuilt then
    -- The instance that rebuilds needs more time: the recovery lasts a second longer, again and again.
    return queue.nowMs + 1000
  end
  -- A clock that is set back later cannot start the recovery again.
  redis.call("HDEL", metaKey, "recoveryUntil", "rebuilt")
  return nil
end
