-- settle: release an attempt's own locks; when it ended in a hold, let the slot last as long, else
-- take back what the attempt has added to the lease.
-- KEYS[16..] seat locks, one a seat
-- ARGV[3] user         id
-- ARGV[4] place        score of the place
-- ARGV[5] owner        the attempt's own id
-- ARGV[6] reservation  id, or empty when there is no hold
-- ARGV[7] expiresAtMs  epoch ms of the hold's end, or 0
-- returns "settled"
-- cost O(seats)
-- @use line
-- @use lobby
-- @use slot
-- @use carry
for i = 16, #KEYS do
  if string.match(redis.call("GET", KEYS[i]) or "", "^%S+") == ARGV[5] then
    redis.call("DEL", KEYS[i])
  end
end
local user, place = ARGV[3], tonumber(ARGV[4])
if ARGV[6] ~= "" then
  carryHold(user, place, ARGV[6], tonumber(ARGV[7]))
else
  local slot = readSlot(user)
  if slot and slot.state == "A" and slot.place == place then
    redis.call("ZADD", active, leaseOf(slot), user)
  end
end
return { "settled" }
