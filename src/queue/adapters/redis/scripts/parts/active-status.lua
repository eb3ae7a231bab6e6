-- activeStatus: placeStatus of an ACTIVE slot; claims it. First that applies:
-- nil, because the slot was skipped: its lease was over
-- "ended", place, "LAPSED"
-- "waiting", place, position  the slot cannot be claimed before the queue is rebuilt
-- "active", place, expiresAtMs
-- @use claim-slot
-- @use expire-lease
-- @use forgive-pass-gap
-- @use own-lease-end
local function activeStatus(queue, user, slot)
  -- A lease never ends before the slot's own time: an attempt in flight, or a grace, can only extend it.
  local leaseEndMs = ownLeaseEnd(slot)
  if leaseEndMs <= queue.nowMs then
    leaseEndMs = tonumber(redis.call("ZSCORE", activeKey, user))
  end
  if leaseEndMs <= queue.nowMs then
    if queue.presence then
      forgivePassGap(queue, queue.presence)
    end
    local result, keptUntilMs = expireLease(queue, user, slot)
    if result == "lapsed" then
      return "ended", slot.place, "LAPSED"
    end
    if result == "skipped" then
      return nil
    end
    leaseEndMs = keptUntilMs
  end
  if slot.claimByMs > 0 then
    -- Redis may have loaded an old snapshot in which a user who was skipped since is still ACTIVE.
    if queue.awaitsRebuild then
      return "waiting", slot.place, slot.lastPosition
    end
    leaseEndMs = claimSlot(queue, user, slot, leaseEndMs)
  end
  local ownEndMs = ownLeaseEnd(slot)
  return "active", slot.place, ownEndMs > queue.nowMs and ownEndMs or leaseEndMs
end
