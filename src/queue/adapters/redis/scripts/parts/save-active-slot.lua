-- saveActiveSlot: writes an ACTIVE slot and the end of its lease, epoch ms.
-- @use save-slot
-- @use write-member
local function saveActiveSlot(user, slot, leaseEndMs)
  saveSlot(user, slot)
  writeMember(user, "ZADD", activeKey, leaseEndMs, user)
end
