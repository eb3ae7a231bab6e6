-- settle: release an attempt's own locks; when it ended in a hold, let the slot last as long, else
-- take back what attempts have added to the lease, unless another one of the place is in flight.
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
local slot = readSlot(user)
if not slot or slot.place ~= place then
  return { "settled" }
end
local flights = redis.call("HINCRBY", meta, flightsOf(user), -1)
if flights <= 0 then
  redis.call("HDEL", meta, flightsOf(user))
end
if ARGV[6] ~= "" then
  carryHold(user, place, ARGV[6], tonumber(ARGV[7]))
elseif flights <= 0 and slot.state == "A" then
  redis.call("ZADD", active, leaseOf(slot), user)
end
return { "settled" }
