-- extendLease: lets the lease of an ACTIVE slot end no earlier than at a moment, epoch ms; see writeMember.
local function extendLease(user, untilMs)
  if step.slots[user] == nil then
    redis.call("ZADD", activeKey, "GT", untilMs, user)
    return
  end
  local leases = step.leases
  leases[#leases + 1], leases[#leases + 2] = untilMs, user
end
