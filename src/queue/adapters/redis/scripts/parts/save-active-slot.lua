-- saveActiveSlot: writes an ACTIVE slot and the end of its lease, epoch ms.
-- @use save-slot
local function saveActiveSlot(user, slot, leaseEndMs)
  saveSlot(user, slot)
  redis.call("ZADD", activeKey, leaseEndMs, user)
end
